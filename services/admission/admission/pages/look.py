"""The officer's pages: their templates and their texts."""

from pathlib import Path
from typing import Final

from admission.pages.choices import country_options
from crossing.pages.rendering import Pages, read_texts

_FOLDER: Final = Path(__file__).parent
PAGES: Final = Pages(_FOLDER / "templates", read_texts(_FOLDER / "texts.yaml"), country_options=country_options)
