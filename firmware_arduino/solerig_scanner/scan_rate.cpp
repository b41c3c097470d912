// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan_rate.h"

#include "board.h"
#include "packet_writer.h"  // PACKET_OVERHEAD
#if !SOLERIG_PORTABLE
#include "scan_adc.h"  // adc_conversion_ticks
#endif

// The line takes baud / 10 bytes a second; one part in 16 is left for STATUS, HELLO and REPLY. COBS adds a
// byte for every 254.
static constexpr uint32_t line_limit_hz(uint32_t baud, uint32_t samples_bytes) {
    return baud / 160 * 15 / (WIRE_SCAN_BYTES + samples_bytes + PACKET_OVERHEAD + samples_bytes / 254);
}

// For finding the limits: any rate is then accepted, whether it holds or not.
#ifdef SOLERIG_MEASURE_LIMITS
#define LIMIT(rate_hz) (static_cast<void>(rate_hz), 4000)
#else
#define LIMIT(rate_hz) (rate_hz)
#endif

static constexpr uint32_t cells_of(const ScanWindow &window) {
    return static_cast<uint32_t>(window.row_count) * window.column_count;
}

static constexpr uint32_t samples_bytes(const ScanWindow &window) {
    return (cells_of(window) * window.bit_depth + 7) / 8;
}

#if SOLERIG_PORTABLE

// What one scan takes is measured on the board itself, when it starts.
static uint32_t scan_us = 1;

void rate_measured_scan_us(uint32_t microseconds) { scan_us = microseconds == 0 ? 1 : microseconds; }

uint16_t rate_limit_hz(uint32_t baud, const ScanWindow &window) {
    // a quarter of the time is left for packets; other cores' ports end at 2 Mbaud too
    const uint32_t board_hz = 750000UL * SENSEL_COUNT / cells_of(window) / scan_us;
    const uint32_t line_hz = line_limit_hz(baud, samples_bytes(window));
    const uint32_t limit = board_hz < line_hz ? board_hz : line_hz;
    return static_cast<uint16_t>(limit > 2000 ? 2000 : limit);
}

uint8_t rate_adc_prescaler_bits(uint16_t) { return 0; }
uint8_t rate_bytes_per_conversion(uint16_t) { return 4; }

#elif SOLERIG_IS_MAT

// Measured in the simulator, which waits for the edge of the ADC's clock as silicon does. A conversion of the
// fastest ADC clock, 1 MHz, takes 14.00 us with that edge, whatever the load; now and then one misses the edge
// and takes 15. Then what a scan costs beside them. What is left over lets scans that a STATUS or a REPLY put
// off catch up. A region that leaves rows out shifts past them.
#define CELL_NS 14080UL
#define SCAN_NS 95000UL
#define LEFT_OUT_NS (FRONT_ROWS * 3000UL)

static constexpr uint32_t board_limit_hz(const ScanWindow &window) {
    return 1000000000UL / (cells_of(window) * CELL_NS + SCAN_NS +
                           (window.row_count == FRONT_ROWS ? 0 : LEFT_OUT_NS));
}

static constexpr uint32_t limit_hz(uint32_t baud, const ScanWindow &window) {
    return line_limit_hz(baud, samples_bytes(window)) < board_limit_hz(window)
               ? line_limit_hz(baud, samples_bytes(window))
               : board_limit_hz(window);
}

static_assert(DEFAULT_SCAN_RATE_HZ <=
                  limit_hz(DEFAULT_BAUD, ScanWindow{0, FRONT_ROWS, 0, FRONT_COLUMNS, ADC_BITS}),
              "DEFAULT_SCAN_RATE_HZ is more than the board holds at DEFAULT_BAUD.");

uint16_t rate_limit_hz(uint32_t baud, const ScanWindow &window) {
    const uint32_t limit = limit_hz(baud, window);
    return static_cast<uint16_t>(LIMIT(limit > 1000 ? 1000 : limit));
}

// The slowest ADC clock that holds the rate. The data sheet gives full accuracy up to 200 kHz.
uint8_t rate_adc_prescaler_bits(uint16_t scan_rate_hz) {
    const uint32_t cells = scan_sensels();
    const uint32_t period_us = 1000000UL / scan_rate_hz;
    for (uint8_t bits = 7; bits > 4; bits--) {
        const uint32_t cell_us = (15UL << bits) / 16;
        if (cells * cell_us + SCAN_NS / 1000 <= period_us) return bits;
    }
    return 4;
}

#else

// The highest rate at each baud. A SCAN of 32 sensels is 52 bytes on the line; what is left carries
// STATUS, HELLO and REPLY. At 2 Mbaud the ADC is the limit. tests/firmware holds every entry to 0 lost
// frames. Over native USB the baud means nothing: the limit is computed, not measured.
#if LINK_IS_CORE_SERIAL
#define RATE_LIMIT_HZ(baud) 1000
#else
#define RATE_LIMIT_HZ(baud)    \
    ((baud) >= 2000000 ? 2000  \
     : (baud) >= 1000000 ? 1800 \
     : (baud) >= 500000 ? 900  \
     : (baud) >= 250000 ? 450  \
                        : 200)
#endif
static_assert(DEFAULT_SCAN_RATE_HZ <= RATE_LIMIT_HZ(DEFAULT_BAUD),
              "DEFAULT_SCAN_RATE_HZ is more than the board holds at DEFAULT_BAUD: see RATE_LIMIT_HZ.");

uint16_t rate_limit_hz(uint32_t baud, const ScanWindow &) {
    static_cast<void>(baud);
    return LIMIT(RATE_LIMIT_HZ(baud));
}

// The slowest ADC clock that holds the rate. On silicon a conversion started by software waits for the
// next ADC clock edge, so 32 of them take up to 32 x 14 ADC clocks; the limits leave room for that.
// 125 kHz and 250 kHz are near what the data sheet asks for (200 kHz for full accuracy).
uint8_t rate_adc_prescaler_bits(uint16_t scan_rate_hz) {
    if (scan_rate_hz <= 250) return 7;  // 16 MHz / 128
    if (scan_rate_hz <= 500) return 6;
    if (scan_rate_hz <= 1000) return 5;
    return 4;
}

// Whether a scan leaves more than a quarter of its period, so that the multiplexers are switched off in it.
// Left on, a pad that rests selected carries its current for at most 1/4 + 3/4 / 16 of the time: 0.9 mA/cm2
// in the mean at full load, where its makers advise 1. No rate that fills its ADC clock loses time to it.
#define PAUSE_SHARE 4
bool rate_leaves_a_pause(uint16_t scan_rate_hz) {
    const uint32_t period_ticks = CLOCK_TICKS_PER_S / scan_rate_hz;
    const uint32_t scan_ticks = SENSEL_COUNT * adc_conversion_ticks(rate_adc_prescaler_bits(scan_rate_hz));
    return scan_ticks * PAUSE_SHARE < period_ticks * (PAUSE_SHARE - 1);
}

// How many bytes of packets may be written while one conversion runs, without outlasting it.
uint8_t rate_bytes_per_conversion(uint16_t scan_rate_hz) {
    if (scan_rate_hz <= 1000) return 4;
    return 2;
}

#endif

#if !SOLERIG_PORTABLE
static_assert(DEFAULT_SCAN_RATE_HZ >= MIN_SCAN_RATE_HZ,
              "DEFAULT_SCAN_RATE_HZ is below MIN_SCAN_RATE_HZ.");
#endif
