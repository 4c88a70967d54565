# SPDX-License-Identifier: BSD-2-Clause
"""Trains, exports and measures the models that Sumi runs."""
