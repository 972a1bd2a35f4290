"""Enumerations as pandas categoricals."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

TEXT = pd.StringDtype(na_value=float("nan"))
"""The text dtype of pandas 3, written out so that it does not depend on an option."""


def categorical(texts: pa.Array, choices: tuple[str, ...]) -> pd.Categorical:
    """Texts as a categorical: the documented values in their order, then the unknown ones in alphabetical order."""
    encoded = pc.dictionary_encode(texts)
    found = encoded.dictionary.to_pylist()
    categories = [*choices, *sorted(set(found) - set(choices))]
    place = {value: position for position, value in enumerate(categories)}
    places = pa.array([place[value] for value in found], pa.int32())
    codes = pc.fill_null(places.take(encoded.indices), -1).to_numpy(zero_copy_only=False)
    return pd.Categorical.from_codes(codes, pd.Index(categories, dtype=TEXT))
