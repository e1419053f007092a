//! The native part of the Python package `entente`: scenarios, studies, results and analyses of the library, as Python
//! classes. What a user imports, and the adapters to other packages, stand in `entente/`.

mod arrow;
mod error;
mod frame;
mod import;
mod long;
mod plan;
mod report;
mod results;
mod scenario;
mod study;
mod wait;

use pyo3::prelude::*;

/// The native part of `entente`.
#[pymodule]
fn _entente(module: &Bound<'_, PyModule>) -> PyResult<()> {
    wait::silence_caught_panics();
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add("__commit__", entente::base::program::commit())?;
    module.add_class::<frame::Frame>()?;
    module.add_class::<plan::Plan>()?;
    module.add_class::<report::Chart>()?;
    module.add_class::<report::Report>()?;
    module.add_class::<results::Results>()?;
    module.add_class::<scenario::Scenario>()?;
    module.add_function(wrap_pyfunction!(import::import_events, module)?)?;
    module.add_function(wrap_pyfunction!(study::study, module)?)?;
    module.add_function(wrap_pyfunction!(study::merge, module)?)?;
    module.add_function(wrap_pyfunction!(plan::plan, module)?)?;
    module.add_function(wrap_pyfunction!(long::require, module)?)?;
    module.add_function(wrap_pyfunction!(long::contrast, module)?)?;
    module.add_function(wrap_pyfunction!(results::open, module)?)?;
    Ok(())
}
