// SPDX-License-Identifier: GPL-3.0-or-later
#include "loads.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INTERPOLATED = 1, WITH_SYNC = 2, REPEATED = 4 };

static bool read_body(struct loads *loads, FILE *file) {
    const size_t count = (size_t)loads->rows * loads->sensels;
    loads->conductance_us = malloc(count * sizeof(float));
    if (!loads->conductance_us || fread(loads->conductance_us, sizeof(float), count, file) != count) {
        return false;
    }
    if (!(loads->flags & WITH_SYNC)) return true;
    loads->sync = malloc(loads->rows);
    return loads->sync && fread(loads->sync, 1, loads->rows, file) == loads->rows;
}

bool loads_read(struct loads *loads, const char *path, uint32_t sensels, const char **why) {
    char magic[8];
    uint32_t head[4];
    FILE *file = fopen(path, "rb");
    if (!file) {
        *why = "it cannot be opened";
        return false;
    }
    bool good = fread(magic, sizeof magic, 1, file) == 1 && fread(head, sizeof head, 1, file) == 1 &&
                fread(&loads->rate_hz, sizeof loads->rate_hz, 1, file) == 1;
    if (!good || memcmp(magic, "SOLELOAD", 8) != 0 || head[0] != 1) {
        *why = "it is not a file of loads";
        good = false;
    } else if (head[1] != sensels || head[2] == 0 || !(loads->rate_hz > 0)) {
        *why = "it needs as many sensels as the rig has, at least one row and a rate above 0";
        good = false;
    } else {
        loads->sensels = sensels;
        loads->rows = head[2];
        loads->flags = head[3];
        good = read_body(loads, file);
        if (!good) *why = "it ends too early";
    }
    fclose(file);
    return good;
}

static double place(const struct loads *loads, double time_s) {
    const double row = time_s > 0 ? time_s * loads->rate_hz : 0;
    if (loads->flags & REPEATED) return fmod(row, loads->rows);
    return fmin(row, loads->rows - 1);
}

double loads_conductance_us(const struct loads *loads, int sensel, double time_s) {
    if (!loads->conductance_us) return 0;
    const double at = place(loads, time_s);
    const uint32_t row = (uint32_t)at;
    const double here = loads->conductance_us[(size_t)row * loads->sensels + sensel];
    if (!(loads->flags & INTERPOLATED)) return here;
    const uint32_t next = row + 1 < loads->rows ? row + 1 : (loads->flags & REPEATED ? 0 : row);
    const double there = loads->conductance_us[(size_t)next * loads->sensels + sensel];
    return here + (at - row) * (there - here);
}

int loads_sync_level(const struct loads *loads, double time_s) {
    return loads->sync ? loads->sync[(uint32_t)place(loads, time_s)] != 0 : 0;
}
