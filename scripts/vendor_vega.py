"""Write the Vega JavaScript bundle that the HTML pages carry; run after a new version of vl-convert-python."""

from __future__ import annotations

from pathlib import Path

import vl_convert

TARGET = Path(__file__).parent.parent / "src" / "juesuan" / "publish" / "assets" / "vega-bundle.js"


def main() -> None:
    """Generate the bundle with vegaEmbed as a global, and say which versions it holds."""
    bundle = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    versions = (
        f"Vega {vl_convert.get_vega_version()}, Vega-Lite {vl_convert.get_vegalite_versions()[-1]}, "
        f"Vega-Embed {vl_convert.get_vega_embed_version()}"
    )
    TARGET.write_text(f"/* {versions}; BSD-3-Clause, see README.md beside this file */\n{bundle}", encoding="utf-8")
    print(f"{TARGET}: {versions}")


if __name__ == "__main__":
    main()
