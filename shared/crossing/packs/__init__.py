"""Rule packs: the law of each country as YAML, and the ways to load, check and test it."""

from crossing.packs.load import COUNTRIES_WITH_PACKS, load_overlays, load_pack

__all__ = ["COUNTRIES_WITH_PACKS", "load_overlays", "load_pack"]
