# SPDX-License-Identifier: GPL-3.0-or-later
"""Every benchmark as one table: `python -m benchmarks`.

A figure alone ages with the machine it was taken on; each row therefore says what it is compared
with, measured in the same run or given by the hardware.
"""

from benchmarks import analysis, cue_latency, decode

BENCHMARKS = (decode.rows, analysis.rows, cue_latency.rows)


def main() -> None:
    """Run all and print the table."""
    print(f"{'what':<52}{'measured':>16}  {'ratio':>9}  compared with")
    for benchmark in BENCHMARKS:
        for row in benchmark():
            print(f"{row.what:<52}{row.measured:>16}  {row.ratio:>8.1f}x  {row.compared_with}")


if __name__ == "__main__":
    main()
