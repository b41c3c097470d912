// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef EEPROM_H
#define EEPROM_H

#include <cstdint>

class Memory {
  public:
    uint8_t read(int address) const { return bytes[address]; }
    void update(int address, uint8_t value) { bytes[address] = value; }
    Memory() {
        for (uint8_t &byte : bytes) byte = 0xFF;
    }

  private:
    uint8_t bytes[1024];
};
extern Memory EEPROM;

#endif
