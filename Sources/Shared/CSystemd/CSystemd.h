#pragma once

// The caller's place in the code goes into fields of our own, if at all.
#define SD_JOURNAL_SUPPRESS_LOCATION

#include <systemd/sd-daemon.h>
#include <systemd/sd-journal.h>
