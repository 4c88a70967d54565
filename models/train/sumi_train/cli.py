# SPDX-License-Identifier: BSD-2-Clause
"""The command sumi-train."""

import argparse
import importlib
import sys

# name -> (module with main(arguments), what it does); a module is imported only when it is asked for
COMMANDS = {
    "train": ("sumi_train.train", "a folder of images becomes a model folder; fine-tunes with --init-from"),
    "export": ("sumi_train.export", "a checkpoint or a folder that diffusers saved becomes a model folder"),
    "quantize": ("sumi_train.quantize", "a model folder's convolutions in 8-bit integers"),
    "package": ("sumi_train.package", "a model folder becomes a package for the BioImage Model Zoo"),
    "single-step": ("sumi_train.single_step", "a model folder becomes one ONNX file of image and noise level, for other tools"),
    "simulate": ("sumi_train.simulate", "noise-free fluorescence images of eleven kinds"),
}


def main(arguments=None) -> None:
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    parser = argparse.ArgumentParser(prog="sumi-train", description="Trains and exports the models that Sumi runs.",
                                     epilog="sumi-train COMMAND --help says more")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, (_, what) in COMMANDS.items():
        commands.add_parser(name, help=what, add_help=False)
    command = parser.parse_args(arguments[:1]).command
    sys.argv[0] = f"sumi-train {command}"  # the name that the command's own usage begins with
    importlib.import_module(COMMANDS[command][0]).main(arguments[1:])
