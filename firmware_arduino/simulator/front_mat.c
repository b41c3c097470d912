// SPDX-License-Identifier: GPL-3.0-or-later
// A matrix of sensels: a chain of shift registers drives rows, columns go to the multiplexers through
// virtual-ground amplifiers, or straight to the multiplexer's pull-down (idle rows grounded).
#include <math.h>
#include <string.h>

#include "front.h"

#define FAULT_SENSEL(row, column) ((row) * WIRING_COLUMNS + (column))

void front_share(const struct loads *loads, const struct front_faults *faults);

static const struct front_faults *faults;
static uint64_t shifted, shown;

static void on_clock(struct avr_irq_t *irq, uint32_t value, void *param) {
    (void)param;
    if (!(irq->value & 1) && (value & 1)) {
        shifted = shifted << 1 | (board_driven(WIRING_ROW_DATA) == 1);
    }
}

static void on_latch(struct avr_irq_t *irq, uint32_t value, void *param) {
    (void)param;
    if (!(irq->value & 1) && (value & 1)) shown = shifted;
}

void front_begin(const struct loads *loads, const struct front_faults *chosen) {
    faults = chosen;
    front_share(loads, chosen);
    board_on_pin(WIRING_ROW_CLOCK, on_clock);
    board_on_pin(WIRING_ROW_LATCH, on_latch);
    shifted = shown = 0x5A5A5A5A5A5A5A5Aull;  // a chain starts with whatever it likes
}

struct wiring_pin front_enable_pin(void) { return WIRING_ROW_OFF; }
int front_sensels(void) { return WIRING_ROWS * WIRING_COLUMNS; }
bool front_is_on(void) { return board_driven(WIRING_ROW_OFF) == 0; }

static bool row_is_active(int row) { return front_is_on() && (shown >> row & 1); }

#if WIRING_VIRTUAL_GROUND

// What an active row's driver leaves of the reference, as a part of it: the row is pulled to ground against
// its cells, whose columns the amplifiers hold at the reference, and its own resistor to the reference.
static double left_by_driver(int row, double time_s) {
    double load = 1 / WIRING_ROW_IDLE_OHM;
    for (int n = 0; n < WIRING_COLUMNS; n++) {
        if (n != faults->dead_column) load += front_conductance(FAULT_SENSEL(row, n), time_s);
    }
    return 1 / (1 + WIRING_ROW_OHM * load);
}

// Columns and idle rows rest at the reference; a column's amplifier answers the current that flows from it
// into the active rows. The active rows' resistors draw from the reference, which stands behind one of its own.
static double column_ratio(int column, double mux_ohm, double pull_down_ohm, double time_s) {
    (void)mux_ohm;
    (void)pull_down_ohm;
    if (column == faults->dead_column) return 0;
    double conductance = 0, drawn = 0;
    for (int row = 0; row < WIRING_ROWS; row++) {
        if (!row_is_active(row)) continue;
        const double left = left_by_driver(row, time_s);
        conductance += left * front_conductance(FAULT_SENSEL(row, column), time_s);
        drawn += left / WIRING_ROW_IDLE_OHM;
    }
    const double reference = WIRING_REFERENCE_RATIO / (1 + WIRING_REFERENCE_OHM * drawn);
    return reference * (1 + WIRING_FEEDBACK_OHM * conductance);
}

#else

// Every row hangs on its driver (active: the supply, idle: ground); columns float but for the one that the
// multiplexer connects to its pull-down. Columns are eliminated, the rows' voltages solved for.
static double column_ratio(int column, double mux_ohm, double pull_down_ohm, double time_s) {
    static double matrix[WIRING_ROWS][WIRING_ROWS + 1];
    if (!front_is_on()) return 0;  // the multiplexer's EN hangs on the same line
    memset(matrix, 0, sizeof matrix);
    const double drive = 1 / WIRING_ROW_OHM;
    const double sink = 1 / (mux_ohm + pull_down_ohm);
    for (int row = 0; row < WIRING_ROWS; row++) {
        matrix[row][row] += drive;
        matrix[row][WIRING_ROWS] = row_is_active(row) ? drive : 0;
    }
    double here[WIRING_ROWS], total_here = sink;
    for (int n = 0; n < WIRING_COLUMNS; n++) {
        double g[WIRING_ROWS], total = n == column ? sink : 0;
        for (int row = 0; row < WIRING_ROWS; row++) {
            g[row] = n == faults->dead_column ? 0 : front_conductance(FAULT_SENSEL(row, n), time_s);
            total += g[row];
        }
        if (n == column) {
            memcpy(here, g, sizeof here);
            total_here = total;
        }
        if (total == 0) continue;
        for (int row = 0; row < WIRING_ROWS; row++) {
            if (g[row] == 0) continue;
            matrix[row][row] += g[row];
            for (int other = 0; other < WIRING_ROWS; other++) matrix[row][other] -= g[row] * g[other] / total;
        }
    }
    for (int row = 0; row < WIRING_ROWS; row++) {  // symmetric and diagonally dominant: no pivoting
        for (int below = row + 1; below < WIRING_ROWS; below++) {
            const double factor = matrix[below][row] / matrix[row][row];
            if (factor == 0) continue;
            for (int n = row; n <= WIRING_ROWS; n++) matrix[below][n] -= factor * matrix[row][n];
        }
    }
    double voltage[WIRING_ROWS], sum = 0;
    for (int row = WIRING_ROWS - 1; row >= 0; row--) {
        voltage[row] = matrix[row][WIRING_ROWS];
        for (int n = row + 1; n < WIRING_ROWS; n++) voltage[row] -= matrix[row][n] * voltage[n];
        voltage[row] /= matrix[row][row];
        sum += here[row] * voltage[row];
    }
    return sum / total_here * pull_down_ohm / (mux_ohm + pull_down_ohm);
}

#endif

double front_ratio(int adc_channel, double time_s) {
    for (int n = 0; n < WIRING_MUX_COUNT; n++) {
        const struct wiring_column_mux *mux = &WIRING_MUXES[n];
        if (mux->adc_channel != adc_channel) continue;
        const int column = mux->first_column + front_mux_channel(n, mux->select);
        return column_ratio(column, mux->mux_ohm, mux->pull_down_ohm, time_s);
    }
    return 0;
}
