// SPDX-License-Identifier: GPL-3.0-or-later
// The baud that the host set on its side of the pty. A file of its own, because the kernel's termios2,
// which alone tells 250000 baud, does not go together with the C library's termios.
#include <asm/termbits.h>
#include <asm/ioctls.h>

int ioctl(int fd, unsigned long request, ...);

unsigned host_baud_of(int master) {
    struct termios2 settings;
    return ioctl(master, TCGETS2, &settings) == 0 ? settings.c_ospeed : 0;
}
