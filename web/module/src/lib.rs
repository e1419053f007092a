//! The engine of pages, as a module of WebAssembly. Its build script makes it, and tells those of packages that depend on this one
//! where it is (`DEP_ENTENTE_MODULE_PATH`), or why there is none (`DEP_ENTENTE_MODULE_WITHOUT`). Apart from the root crate, for
//! cargo builds it early on and others beside it: most packages are waited for by fewer.
