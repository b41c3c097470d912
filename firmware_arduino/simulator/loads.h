// SPDX-License-Identifier: GPL-3.0-or-later
// What the sensors feel over time, prescribed by a file that Python writes:
//   "SOLELOAD", u32 version = 1, u32 sensels, u32 rows, u32 flags, f64 rows a second (all little-endian),
//   then rows x sensels float32 conductances in microsiemens, then, if flag bit 1 is set, one byte a row:
//   the level of the sync input. Flag bit 0: conductances go straight from row to row instead of in steps.
//   After its last row the file holds its last value, or begins again (flag bit 2).
#ifndef LOADS_H
#define LOADS_H

#include <stdbool.h>
#include <stdint.h>

struct loads {
    uint32_t sensels, rows, flags;
    double rate_hz;
    float *conductance_us;
    uint8_t *sync;
};

bool loads_read(struct loads *loads, const char *path, uint32_t sensels, const char **why);
double loads_conductance_us(const struct loads *loads, int sensel, double time_s);
int loads_sync_level(const struct loads *loads, double time_s);

#endif
