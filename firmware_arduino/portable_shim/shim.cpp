// SPDX-License-Identifier: GPL-3.0-or-later
// An Arduino that is a process: its serial port is standard input and output, its analogue inputs give
// counts named on the command line (one number a sensel), as its pins select them. Ends with its input.
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <vector>

#include "Arduino.h"
#include "EEPROM.h"
#include "board.h"

SerialPort Serial;
Memory EEPROM;

static uint8_t levels[32];
static std::vector<int> sensels;
#if SOLERIG_IS_MAT
#ifdef REFERENCE_PERMILLE
#define EMPTY_COUNTS (REFERENCE_PERMILLE * 1024 / 1000)
#else
#define EMPTY_COUNTS 0
#endif
static uint64_t shifted, shown;
#endif
static bool input_has_ended;

void pinMode(uint8_t, uint8_t) {}
int digitalRead(uint8_t pin) { return levels[pin]; }

void digitalWrite(uint8_t pin, uint8_t level) {
#if SOLERIG_IS_MAT
    const bool rises = level == HIGH && levels[pin] == LOW;
    if (rises && pin == ROW_CLOCK_LABEL) {
        shifted = (shifted << 1 | levels[ROW_DATA_LABEL]) & ((1ull << ROWS) - 1);
    }
    if (rises && pin == ROW_LATCH_LABEL) shown = shifted;
#endif
    levels[pin] = level;
}

static int channel_of(const uint8_t (&labels)[4]) {
    int channel = 0;
    for (int n = 0; n < 4; n++) channel |= levels[labels[n]] << n;
    return channel;
}

int analogRead(uint8_t pin) {
#if SOLERIG_IS_MAT
    static const uint8_t select[4] = COLUMNS_A_SELECT_LABELS;
    static_cast<void>(pin);
    if (levels[ROW_OFF_LABEL] == HIGH) return EMPTY_COUNTS;
    for (int row = 0; row < ROWS; row++) {
        if (shown == 1ull << row) return sensels[static_cast<std::size_t>(row * COLUMNS + channel_of(select))];
    }
    return EMPTY_COUNTS;
#else
    static const uint8_t left[4] = MUX_LEFT_SELECT_LABELS;
    static const uint8_t right[4] = MUX_RIGHT_SELECT_LABELS;
    if (levels[MUX_OFF_LABEL] == HIGH) return 0;
    if (pin == MUX_LEFT_SIGNAL_LABEL) return sensels[static_cast<std::size_t>(channel_of(left))];
    return sensels[static_cast<std::size_t>(16 + channel_of(right))];
#endif
}

unsigned long micros() {
    using namespace std::chrono;
    static const steady_clock::time_point began = steady_clock::now();
    return static_cast<uint32_t>(duration_cast<microseconds>(steady_clock::now() - began).count());
}

void delayMicroseconds(unsigned int microseconds) {
    const unsigned long began = micros();
    while (static_cast<uint32_t>(micros() - began) < microseconds) {
    }
}

static bool can(int fd, short what) {
    struct pollfd state = {fd, what, 0};
    return poll(&state, 1, 0) == 1;
}

void SerialPort::begin(unsigned long) {}
int SerialPort::available() { return can(STDIN_FILENO, POLLIN) && !input_has_ended; }

int SerialPort::read() {
    uint8_t byte = 0;
    input_has_ended = ::read(STDIN_FILENO, &byte, 1) != 1;
    return byte;
}

int SerialPort::availableForWrite() { return can(STDOUT_FILENO, POLLOUT) ? 64 : 0; }

std::size_t SerialPort::write(const uint8_t *bytes, std::size_t count) {
    const ssize_t sent = ::write(STDOUT_FILENO, bytes, count);
    return sent < 0 ? 0 : static_cast<std::size_t>(sent);
}

int main(int count, char **words) {
    for (int n = 1; n < count; n++) sensels.push_back(std::atoi(words[n]));
    sensels.resize(SENSEL_COUNT_OF_RIG);
    setup();
    while (!input_has_ended) loop();
    return 0;
}
