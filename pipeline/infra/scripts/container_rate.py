"""Measures what the software of SageMaker's XGBoost container takes of a processor for a request.

    pip install xgboost==1.7.6 flask gunicorn gevent
    python container_rate.py [--rows 16] [--seconds 10] [--openmp-threads 1]

It serves assets/model.ubj as the container does in algorithm mode (aws/sagemaker-xgboost-container,
algorithm_mode/serve.py and encoder.py): Flask behind gunicorn with one gevent worker, the delimiter
sniffed, one thread a prediction; and one OpenMP thread, as the template has it. The figure is
processor time of the worker, which other work on the machine changes little; requests a second of a
core follow from it. Prints JSON.
"""

import argparse
import http.client
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
CONNECTIONS = 4
SERVER = """
import csv, os
import flask, numpy, xgboost

app = flask.Flask(__name__)
booster = xgboost.Booster()
booster.load_model(os.environ["MODEL"])
booster.set_param("nthread", 1)


def cells(line, delimiter):
    return ["nan" if cell == "" else cell for cell in line.split(delimiter)]


@app.route("/invocations", methods=["POST"])
def invocations():
    text = flask.request.data.strip().decode("utf-8")
    sniffed = csv.Sniffer().sniff(text.split("\\n")[0][:512]).delimiter
    delimiter = "," if sniffed.isalnum() else sniffed
    rows = numpy.array([cells(line, delimiter) for line in text.split("\\n")]).astype(float)
    scores = booster.predict(xgboost.DMatrix(rows), validate_features=False)
    return flask.Response(",".join(map(str, scores.tolist())), mimetype="text/csv")
"""


def body_of(rows: int) -> bytes:
    """Rows of the model's own check, without the header, the margin and the score."""
    lines = (ROOT / "model" / "artifact" / "check.csv").read_text().splitlines()
    width = lines[0].split(",").index("margin")
    chosen = [",".join(line.split(",")[:width]) for line in lines[1 : rows + 1]]
    if len(chosen) < rows:
        raise SystemExit(f"--rows is {rows}: model/artifact/check.csv has {len(chosen)} rows.")
    return "\n".join(chosen).encode()


def processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def load(port: int, body: bytes, until: float, counts: list) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    done = 0
    while time.monotonic() < until:
        connection.request("POST", "/invocations", body, {"Content-Type": "text/csv"})
        answer = connection.getresponse()
        if answer.status != 200:
            raise SystemExit(f"the server answers {answer.status}: {answer.read()!r}")
        answer.read()
        done += 1
    counts.append(done)


def run(port: int, body: bytes, seconds: float) -> int:
    counts: list = []
    until = time.monotonic() + seconds
    given = (port, body, until, counts)
    threads = [threading.Thread(target=load, args=given) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts)


def served(folder: str, openmp_threads: int) -> tuple:
    Path(folder, "server.py").write_text(SERVER)
    model = str(ROOT / "assets" / "model.ubj")
    env = {**os.environ, "MODEL": model, "OMP_NUM_THREADS": str(openmp_threads)}
    words = ["-b", "127.0.0.1:0", "-w", "1", "-k", "gevent", "--keep-alive", "60", "server:app"]
    code = "from gunicorn.app.wsgiapp import run; run()"
    server = subprocess.Popen(
        [sys.executable, "-c", code, *words], cwd=folder, env=env, stderr=subprocess.PIPE, text=True
    )
    port = worker = 0
    said = []
    for line in server.stderr:
        said.append(line)
        if "Listening at" in line:
            port = int(line.rsplit(":", 1)[1].split()[0])
        if "Booting worker" in line:
            worker = int(line.rsplit(" ", 1)[1])
            break
    if worker == 0:
        raise SystemExit(f"gunicorn does not start: {''.join(said[-3:])}")
    threading.Thread(target=server.stderr.read, daemon=True).start()
    return server, port, worker


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--openmp-threads", type=int, default=1)
    given = parser.parse_args()
    body = body_of(given.rows)
    with tempfile.TemporaryDirectory() as folder:
        server, port, worker = served(folder, given.openmp_threads)
        try:
            run(port, body, given.seconds / 5)
            before = processor_seconds(worker)
            requests = run(port, body, given.seconds)
            spent = processor_seconds(worker) - before
        finally:
            server.terminate()
            server.wait()
    figures = {
        "rows": given.rows,
        "openmp_threads": given.openmp_threads,
        "requests": requests,
        "processor_ms_per_request": round(1000 * spent / requests, 3),
        "requests_per_second_per_core": round(requests / spent, 1),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
