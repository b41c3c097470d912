// SPDX-License-Identifier: GPL-3.0-or-later
// As much of the Arduino API as the portable path uses, on a PC: proof that the sketch needs nothing else.
#ifndef ARDUINO_H
#define ARDUINO_H

#include <cstddef>
#include <cstdint>

#define HIGH 1
#define LOW 0
#define INPUT 0
#define OUTPUT 1
enum { A0 = 14, A1, A2, A3, A4, A5 };

void pinMode(uint8_t pin, uint8_t mode);
void digitalWrite(uint8_t pin, uint8_t level);
int digitalRead(uint8_t pin);
int analogRead(uint8_t pin);
unsigned long micros();
void delayMicroseconds(unsigned int microseconds);

class SerialPort {
  public:
    void begin(unsigned long baud);
    int available();
    int read();
    int availableForWrite();
    std::size_t write(const uint8_t *bytes, std::size_t count);
};
extern SerialPort Serial;

void setup();
void loop();

#endif
