"""The QR code of a token, for a letter or a page."""

import io
from typing import Final

import segno

#: About fifteen percent of the code may be lost to a fold or a stain (ISO/IEC 18004).
_LEVEL: Final = "M"
#: Squares left blank around the code, without which readers do not find it (ISO/IEC 18004).
_QUIET: Final = 4


def qr_svg(token: str, title: str, description: str) -> str:
    """The code as an SVG image without a size of its own, of level M or better, with its title and description.

    A token of ``LONGEST_TOKEN`` characters fits; raises ``segno.DataOverflowError`` for a longer one.
    """
    written = io.BytesIO()
    segno.make_qr(token, error=_LEVEL).save(
        written,
        kind="svg",
        border=_QUIET,
        light="white",
        title=title,
        desc=description,
        omitsize=True,
        xmldecl=False,
        nl=False,
    )
    return written.getvalue().decode().replace("<svg ", '<svg role="img" ', 1)
