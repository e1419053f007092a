//! Pages of Parquet tables in the codecs that others write by default. Those for which the Parquet library would take a C
//! compiler, or a compressor that nobody needs here, are decoded by this file.

use parquet::basic::Compression;
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::errors::ParquetError;
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::serialized_reader::SerializedPageReader;
use std::fs::File;
use std::io::Read;
use std::sync::Arc;

/// The pages of a column of a row group.
pub(super) fn pages(
    file: &Arc<File>,
    column: &ColumnChunkMetaData,
    rows: usize,
) -> Result<Box<dyn PageReader>, ParquetError> {
    let decode: fn(&[u8], &mut Vec<u8>) -> std::io::Result<()> = match column.compression() {
        Compression::ZSTD(_) => zstd,
        Compression::BROTLI(_) => brotli,
        Compression::LZO => {
            return Err(ParquetError::General(
                "its compression is lzo, which is not read; write it again in another one, such as \
                 `table.to_parquet(path, compression=\"zstd\")` in pandas or `table.write_parquet(path)` in polars"
                    .into(),
            ));
        }
        _ => return Ok(Box::new(SerializedPageReader::new(file.clone(), column, rows, None)?)),
    };
    // As if it were not compressed the library hands out pages as they are.
    let plain = column.clone().into_builder().set_compression(Compression::UNCOMPRESSED).build()?;
    let pages = SerializedPageReader::new(file.clone(), &plain, rows, None)?;
    Ok(Box::new(DecodedPages { pages, decode }))
}

fn zstd(bytes: &[u8], into: &mut Vec<u8>) -> std::io::Result<()> {
    let mut rest = bytes;
    // A page may hold several frames.
    while !rest.is_empty() {
        let frame = ruzstd::decoding::StreamingDecoder::new(&mut rest);
        frame.map_err(std::io::Error::other)?.read_to_end(into)?;
    }
    Ok(())
}

fn brotli(bytes: &[u8], into: &mut Vec<u8>) -> std::io::Result<()> {
    brotli_decompressor::Decompressor::new(bytes, 1 << 12).read_to_end(into).map(drop)
}

/// Pages as they are decoded one after the other.
struct DecodedPages {
    pages: SerializedPageReader<File>,
    decode: fn(&[u8], &mut Vec<u8>) -> std::io::Result<()>,
}

impl DecodedPages {
    fn decoded(&self, mut page: Page) -> Result<Page, ParquetError> {
        // The levels of a page of the second kind stand before what is compressed.
        let (levels, compressed) = match &page {
            Page::DataPageV2 { def_levels_byte_len, rep_levels_byte_len, is_compressed, .. } => {
                ((def_levels_byte_len + rep_levels_byte_len) as usize, *is_compressed)
            }
            _ => (0, true),
        };
        let (Page::DataPage { buf, .. } | Page::DataPageV2 { buf, .. } | Page::DictionaryPage { buf, .. }) = &mut page;
        if compressed && buf.len() > levels {
            let mut bytes = buf[..levels].to_vec();
            (self.decode)(&buf[levels..], &mut bytes).map_err(|error| ParquetError::External(error.into()))?;
            *buf = bytes.into();
        }
        Ok(page)
    }
}

impl Iterator for DecodedPages {
    type Item = Result<Page, ParquetError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

impl PageReader for DecodedPages {
    fn get_next_page(&mut self) -> Result<Option<Page>, ParquetError> {
        self.pages.get_next_page()?.map(|page| self.decoded(page)).transpose()
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>, ParquetError> {
        self.pages.peek_next_page()
    }

    fn skip_next_page(&mut self) -> Result<(), ParquetError> {
        self.pages.skip_next_page()
    }
}
