"""The tutorial runs."""

import shutil
import subprocess
from pathlib import Path

import nbformat

TUTORIAL = Path(__file__).parent.parent / "tutorial.ipynb"


def test_the_tutorial_runs_from_a_config_to_a_chart(tmp_path: Path) -> None:
    (tmp_path / "python").mkdir()
    (tmp_path / "configs").symlink_to(TUTORIAL.parent.parent / "configs")
    shutil.copy(TUTORIAL, tmp_path / "python")
    subprocess.run(
        ["jupyter", "nbconvert", "--to=notebook", "--execute", "--inplace", "tutorial.ipynb"],
        cwd=tmp_path / "python",
        check=True,
        capture_output=True,
    )
    done = nbformat.read(tmp_path / "python" / "tutorial.ipynb", as_version=4)
    shown = [output.get("data", {}) for cell in done.cells for output in cell.get("outputs", [])]
    assert any("<svg" in data.get("text/html", "") for data in shown)
    assert len(done.cells) <= 10


def test_the_tutorial_is_kept_without_outputs() -> None:
    kept = nbformat.read(TUTORIAL, as_version=4)
    assert not any(cell.get("outputs") for cell in kept.cells)
