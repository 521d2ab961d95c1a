"""Rows a second that XGBoost, onnxruntime and treelite evaluate on one thread: the folder with model.ubj and rows.f32."""

import json
import sys
import time

import numpy
import onnxruntime
import treelite
import treelite.gtil
import xgboost
from onnxmltools import convert_xgboost
from onnxmltools.convert.common.data_types import FloatTensorType

folder = sys.argv[1]
booster = xgboost.Booster({"nthread": 1})
booster.load_model(folder + "/model.ubj")
booster.set_param("nthread", 1)
rows = numpy.fromfile(folder + "/rows.f32", "<f4").reshape(-1, 20)
rows[numpy.isinf(rows)] = 9
FEW = 500


def rate(count, task):
    started = time.perf_counter()
    task()
    return count / (time.perf_counter() - started)


def one_by_one(task):
    return rate(FEW, lambda: [task(rows[at : at + 1]) for at in range(FEW)])


found = {
    "inplace": rate(len(rows), lambda: booster.inplace_predict(rows)),
    "dmatrix": rate(len(rows), lambda: booster.predict(xgboost.DMatrix(rows, nthread=1))),
    "inplaceOneByOne": one_by_one(booster.inplace_predict),
}
forest = treelite.frontend.load_xgboost_model(folder + "/model.ubj", format_choice="ubjson")
found["treelite"] = rate(len(rows), lambda: treelite.gtil.predict(forest, rows, nthread=1))
found["treeliteOneByOne"] = one_by_one(lambda row: treelite.gtil.predict(forest, row, nthread=1))
# Its converter takes no boosters with feature names of their own.
booster.feature_names = None
limits = onnxruntime.SessionOptions()
limits.intra_op_num_threads = limits.inter_op_num_threads = 1
converted = convert_xgboost(booster, initial_types=[("rows", FloatTensorType([None, 20]))])
session = onnxruntime.InferenceSession(converted.SerializeToString(), limits, ["CPUExecutionProvider"])
outputs = [session.get_outputs()[1].name]
found["onnx"] = rate(len(rows), lambda: session.run(outputs, {"rows": rows}))
found["onnxOneByOne"] = one_by_one(lambda row: session.run(outputs, {"rows": row}))
print(json.dumps(found))
