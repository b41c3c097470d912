# SPDX-License-Identifier: GPL-3.0-or-later
# The two commands: `make demo` shows Solerig, `make test` proves it. Both set up what they need.

SHELL := /bin/bash
PYTHON := .venv/bin/python
DEMO_OUT ?= demo_output
.PHONY: help demo setup setup-test check test test-hardware hardware fuzz soak bench firmware clean
.DEFAULT_GOAL := help

help:
	@echo "make demo   set up, then show the dashboard on a simulated person (headless without a display)"
	@echo "make test   set up, then run every check and test"
	@echo "make fuzz   draw new examples for the property tests: run it before a release, or leave it running"
	@echo "make test-hardware  set up KiCad 9 and ngspice, then check schematics, nets and the analogue side"
	@echo "make hardware  print everything again that follows from the net tables (needs the same)"
	@echo "make setup  only fill .venv, so that .venv/bin/solerig works"
	@echo "make bench  print the speed of decoding, analysis and the screen as ratios"
	@echo "make clean  remove .venv and everything built"

demo: setup
	@.venv/bin/solerig demo --out $(DEMO_OUT) --force

setup:
	@.ci/setup run

setup-test:
	@.ci/setup test

check: setup-test
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/lint-imports
	.venv/bin/pyright

# what runs against the clock runs alone, after the rest has used two cores
IN_PARALLEL := -n 2 --dist loadfile

test: check
	$(PYTHON) -m pytest $(IN_PARALLEL) -m "not live and not soak"
	$(PYTHON) -m pytest -m "live and not soak"

test-hardware:
	@.ci/setup hardware
	SOLERIG_HARDWARE=1 $(PYTHON) -m pytest $(IN_PARALLEL) tests/hardware tests/hardware_tools

hardware:
	@.ci/setup hardware
	for printer in print_nets print_schematic print_spice print_stripboard print_diagrams print_board_pins plot_schematic plot_spice; do \
		$(PYTHON) hardware_schematics/$$printer.py || exit 1; done

# new examples for the property tests at each run, where `test` takes the same ones everywhere
fuzz: setup-test
	SOLERIG_FUZZ=1 $(PYTHON) -m pytest $(IN_PARALLEL) -m "hypothesis and not live and not soak"

soak: setup-test
	$(PYTHON) -m pytest -m "soak or not soak" --timeout 3600

bench: setup-test
	$(PYTHON) -m benchmarks

firmware: setup-test
	$(MAKE) -C firmware_arduino images

clean:
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis firmware_arduino/build $(DEMO_OUT)
