//! A table as a stream of the Arrow C data interface (<https://arrow.apache.org/docs/format/CStreamInterface.html>): a
//! record batch per row group, read when it is asked for.

use entente::record::{ColumnKind, Field, RecordError, TableReader, Values};
use std::any::Any;
use std::ffi::{CString, c_char, c_int, c_void};
use std::ptr::{null, null_mut};

/// The error number for what cannot be read.
const EIO: c_int = 5;
/// Says of a column that values may be missing.
const NULLABLE: i64 = 2;

/// `struct ArrowSchema`.
#[repr(C)]
pub struct ArrowSchema {
    format: *const c_char,
    name: *const c_char,
    metadata: *const c_char,
    flags: i64,
    n_children: i64,
    children: *mut *mut ArrowSchema,
    dictionary: *mut ArrowSchema,
    release: Option<unsafe extern "C" fn(*mut ArrowSchema)>,
    private_data: *mut c_void,
}

/// `struct ArrowArray`.
#[repr(C)]
struct ArrowArray {
    length: i64,
    null_count: i64,
    offset: i64,
    n_buffers: i64,
    n_children: i64,
    buffers: *mut *const c_void,
    children: *mut *mut ArrowArray,
    dictionary: *mut ArrowArray,
    release: Option<unsafe extern "C" fn(*mut ArrowArray)>,
    private_data: *mut c_void,
}

/// `struct ArrowArrayStream`.
#[repr(C)]
pub struct ArrowArrayStream {
    get_schema: unsafe extern "C" fn(*mut ArrowArrayStream, *mut ArrowSchema) -> c_int,
    get_next: unsafe extern "C" fn(*mut ArrowArrayStream, *mut ArrowArray) -> c_int,
    get_last_error: unsafe extern "C" fn(*mut ArrowArrayStream) -> *const c_char,
    release: Option<unsafe extern "C" fn(*mut ArrowArrayStream)>,
    private_data: *mut c_void,
}

// What the pointers of a stream or schema lead to is its own.
unsafe impl Send for ArrowArrayStream {}
unsafe impl Send for ArrowSchema {}

/// What a schema owns.
struct SchemaData {
    _format: CString,
    _name: CString,
    children: Vec<*mut ArrowSchema>,
}

/// What an array owns.
struct ArrayData {
    pointers: Vec<*const c_void>,
    children: Vec<*mut ArrowArray>,
    _buffers: Vec<Box<dyn Any>>,
}

/// What a stream owns.
struct StreamData {
    reader: TableReader,
    fields: Vec<Field>,
    places: Vec<usize>,
    next: usize,
    error: CString,
}

impl ArrowArrayStream {
    /// The columns at some places of a table.
    pub fn new(reader: TableReader, places: Vec<usize>) -> Result<Self, RecordError> {
        let all = reader.fields()?;
        let fields = places.iter().map(|place| all[*place].clone()).collect();
        let data = StreamData { reader, fields, places, next: 0, error: CString::default() };
        let private_data = Box::into_raw(Box::new(data)).cast();
        Ok(Self { get_schema, get_next, get_last_error, release: Some(release_stream), private_data })
    }
}

impl Drop for ArrowArrayStream {
    fn drop(&mut self) {
        if let Some(release) = self.release {
            unsafe { release(self) }
        }
    }
}

impl Drop for ArrowSchema {
    fn drop(&mut self) {
        if let Some(release) = self.release {
            unsafe { release(self) }
        }
    }
}

impl ArrowSchema {
    /// Columns of a table.
    pub fn of(fields: &[Field]) -> Self {
        let children = fields.iter().map(|field| {
            let flags = if field.is_optional() { NULLABLE } else { 0 };
            Box::into_raw(Box::new(Self::new(format_of(field.kind()), field.name(), flags, Vec::new())))
        });
        Self::new("+s", "", 0, children.collect())
    }

    fn new(format: &str, name: &str, flags: i64, children: Vec<*mut Self>) -> Self {
        // A name cannot hold the byte that ends it.
        let text = |text: &str| CString::new(text.replace('\0', " ")).unwrap_or_default();
        let mut data = Box::new(SchemaData { _format: text(format), _name: text(name), children });
        Self {
            format: data._format.as_ptr(),
            name: data._name.as_ptr(),
            metadata: null(),
            flags,
            n_children: data.children.len() as i64,
            children: data.children.as_mut_ptr(),
            dictionary: null_mut(),
            release: Some(release_schema),
            private_data: Box::into_raw(data).cast(),
        }
    }
}

/// How Arrow writes the type of a column.
fn format_of(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Int32 => "i",
        ColumnKind::Int64 => "l",
        ColumnKind::Date => "tdD",
        ColumnKind::Text => "u",
        ColumnKind::Bool => "b",
        ColumnKind::Double => "g",
        ColumnKind::Float => "f",
    }
}

/// An array of its parts.
fn array(length: usize, missing: usize, buffers: Vec<Option<Buffer>>, children: Vec<*mut ArrowArray>) -> ArrowArray {
    let (pointers, owned): (Vec<_>, Vec<_>) =
        buffers.into_iter().map(|buffer| buffer.map_or((null(), None), |(at, owned)| (at, Some(owned)))).unzip();
    let mut data = Box::new(ArrayData { pointers, children, _buffers: owned.into_iter().flatten().collect() });
    ArrowArray {
        length: length as i64,
        null_count: missing as i64,
        offset: 0,
        n_buffers: data.pointers.len() as i64,
        n_children: data.children.len() as i64,
        buffers: data.pointers.as_mut_ptr(),
        children: data.children.as_mut_ptr(),
        dictionary: null_mut(),
        release: Some(release_array),
        private_data: Box::into_raw(data).cast(),
    }
}

/// Where the bytes of a buffer begin, and what owns them.
type Buffer = (*const c_void, Box<dyn Any>);

fn buffer<T: 'static>(values: Vec<T>) -> Option<Buffer> {
    Some((values.as_ptr().cast(), Box::new(values)))
}

/// Bits, the first in the lowest place of the first byte.
fn bits(of: impl ExactSizeIterator<Item = bool>) -> Option<Buffer> {
    let mut bytes = vec![0u8; of.len().div_ceil(8)];
    of.enumerate().filter(|(_, bit)| *bit).for_each(|(place, _)| bytes[place / 8] |= 1 << (place % 8));
    buffer(bytes)
}

/// Which values are there; nothing if all are.
fn validity<T>(values: &[Option<T>]) -> (usize, Option<Buffer>) {
    let missing = values.iter().filter(|value| value.is_none()).count();
    (missing, if missing == 0 { None } else { bits(values.iter().map(Option::is_some)) })
}

fn numbers<T: Copy, U: Default + 'static>(values: &[Option<T>], convert: impl Fn(T) -> U) -> ArrowArray {
    let (missing, valid) = validity(values);
    let values: Vec<U> = values.iter().map(|value| value.map(&convert).unwrap_or_default()).collect();
    array(values.len(), missing, vec![valid, buffer(values)], Vec::new())
}

/// The values of a column.
fn column(kind: ColumnKind, values: &Values) -> ArrowArray {
    match (values, kind) {
        (Values::Ints(values), ColumnKind::Int64) => numbers(values, |value| value),
        (Values::Ints(values), _) => numbers(values, |value| value as i32),
        (Values::Reals(values), ColumnKind::Float) => numbers(values, |value| value as f32),
        (Values::Reals(values), _) => numbers(values, |value| value),
        (Values::Bools(values), _) => {
            let (missing, valid) = validity(values);
            let yes = bits(values.iter().map(|value| *value == Some(true)));
            array(values.len(), missing, vec![valid, yes], Vec::new())
        }
        (Values::Texts(texts), _) => {
            let (missing, valid) = validity(texts);
            let (mut ends, mut bytes) = (Vec::with_capacity(texts.len() + 1), Vec::new());
            ends.push(0i32);
            for row in 0..texts.len() {
                bytes.extend_from_slice(values.text(row).unwrap_or_default().as_bytes());
                ends.push(bytes.len() as i32);
            }
            array(texts.len(), missing, vec![valid, buffer(ends), buffer(bytes)], Vec::new())
        }
    }
}

impl StreamData {
    /// The next row group; none after the last.
    fn batch(&mut self) -> Result<Option<ArrowArray>, RecordError> {
        if self.next >= self.reader.groups() {
            return Ok(None);
        }
        let (rows, values) = self.reader.group(self.next, &self.places)?;
        self.next += 1;
        let columns = self.fields.iter().zip(&values).map(|(field, values)| column(field.kind(), values));
        Ok(Some(array(rows, 0, vec![None], columns.map(|column| Box::into_raw(Box::new(column))).collect())))
    }
}

unsafe extern "C" fn get_schema(stream: *mut ArrowArrayStream, out: *mut ArrowSchema) -> c_int {
    let data = unsafe { &*(*stream).private_data.cast::<StreamData>() };
    unsafe { out.write(ArrowSchema::of(&data.fields)) };
    0
}

unsafe extern "C" fn get_next(stream: *mut ArrowArrayStream, out: *mut ArrowArray) -> c_int {
    let data = unsafe { &mut *(*stream).private_data.cast::<StreamData>() };
    let batch = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| data.batch()));
    let reason = match batch {
        Ok(Ok(batch)) => {
            match batch {
                Some(batch) => unsafe { out.write(batch) },
                // An array that is released already ends the stream.
                None => unsafe { (*out).release = None },
            }
            return 0;
        }
        Ok(Err(error)) => error.to_string(),
        Err(_) => "the table is damaged".to_owned(),
    };
    data.error = CString::new(reason.replace('\0', " ")).unwrap_or_default();
    EIO
}

unsafe extern "C" fn get_last_error(stream: *mut ArrowArrayStream) -> *const c_char {
    unsafe { (*(*stream).private_data.cast::<StreamData>()).error.as_ptr() }
}

unsafe extern "C" fn release_stream(stream: *mut ArrowArrayStream) {
    unsafe {
        drop(Box::from_raw((*stream).private_data.cast::<StreamData>()));
        (*stream).release = None;
    }
}

unsafe extern "C" fn release_schema(schema: *mut ArrowSchema) {
    unsafe {
        let data = Box::from_raw((*schema).private_data.cast::<SchemaData>());
        (*schema).release = None;
        // A child that the consumer took away is released there.
        data.children.iter().for_each(|child| drop(Box::from_raw(*child)));
    }
}

unsafe extern "C" fn release_array(array: *mut ArrowArray) {
    unsafe {
        let data = Box::from_raw((*array).private_data.cast::<ArrayData>());
        (*array).release = None;
        for child in &data.children {
            let mut child = Box::from_raw(*child);
            if let Some(release) = child.release {
                release(&mut *child);
            }
        }
    }
}
