import pandas as pd

from spoki_analytics.metrics.numbers import counts, numbers, total


def test_text_is_read_and_nonsense_is_missing() -> None:
    frame = pd.DataFrame({"sent": ["12", "many", None, "inf", "-3"]}, dtype="str")
    assert numbers(frame, "sent").tolist() == [12, pd.NA, pd.NA, pd.NA, -3]
    assert counts(frame, ["sent"])["sent"].tolist() == [12, pd.NA, pd.NA, pd.NA, pd.NA]


def test_an_absent_column_is_missing() -> None:
    assert numbers(pd.DataFrame(index=[0, 1]), "sent").isna().all()


def test_categories_and_booleans_are_read() -> None:
    frame = pd.DataFrame({"a": pd.Categorical(["1", "2"]), "b": pd.array([True, None], dtype="boolean")})
    assert counts(frame, ["a"])["a"].tolist() == [1, 2]
    assert counts(frame, ["b"])["b"].tolist() == [1, pd.NA]


def test_the_sum_of_nothing_is_missing() -> None:
    sums = total(pd.DataFrame({"a": [1, pd.NA], "b": [pd.NA, pd.NA]}, dtype="Int64"))
    assert sums["a"] == 1
    assert pd.isna(sums["b"])
