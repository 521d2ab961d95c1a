"""The entry point of a training job of SageMaker in script mode: the hyperparameters are the flags of `fraudstream_model train`."""

import sys

from fraudstream_model.__main__ import main

sys.exit(main(["train", *sys.argv[1:]]))
