"""scikit-learn's forest on its own data sets: for each of 20 splits the rows held back, probabilities and scores."""

import csv
import json
import pathlib
import sys

from sklearn.datasets import load_breast_cancer, load_iris, load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import accuracy_score, precision_recall_fscore_support, roc_auc_score
from sklearn.model_selection import StratifiedShuffleSplit

folder = pathlib.Path(sys.argv[1])
parameters = {"n_estimators": 100, "max_depth": 10, "min_samples_split": 5, "min_samples_leaf": 2, "max_features": "sqrt"}


def split(X, y, seed, train, test):
    forest = RandomForestClassifier(**parameters, random_state=seed).fit(X[train], y[train])
    shares = forest.predict_proba(X[test])
    called, two = shares.argmax(axis=1), shares.shape[1] == 2
    average = precision_recall_fscore_support(y[test], called, average="binary" if two else "macro", zero_division=0)
    auc = roc_auc_score(y[test], shares[:, 1] if two else shares, multi_class="ovr", average="macro")
    scores = [accuracy_score(y[test], called), *average[:3], auc]
    return {"test": test.tolist(), "shares": shares.ravel().tolist(), "scores": scores}


sets = []
for name, load in [("iris", load_iris), ("breast cancer", load_breast_cancer), ("wine", load_wine)]:
    X, y = load(return_X_y=True)
    with open(folder / f"{name}.csv", "w", newline="") as file:
        csv.writer(file).writerows([[*(f"x{column}" for column in range(X.shape[1])), "y"], *(
            [*row, label] for row, label in zip(X.tolist(), y.tolist()))])
    # Trees compare float32, here and there.
    X = X.astype("float32")
    splits = StratifiedShuffleSplit(20, test_size=0.2, random_state=0).split(X, y)
    sets.append({"name": name, "features": X.shape[1], "classes": int(y.max()) + 1,
                 "splits": [split(X, y, seed, *rows) for seed, rows in enumerate(splits)]})
print(json.dumps({"parameters": parameters, "sets": sets}))
