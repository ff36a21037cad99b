// Memory that only a step of the start, or a rare event, needed.
#pragma once

namespace bms::files {

/// Returns it to the system: the free part of the heap, and the pages of programs and libraries that were touched once
/// and never again. What is still in use is mapped again at its next use, without reading it from disk unless the
/// system was short of memory. To be called when such a step is done, and when the program has settled. A GX device
/// runs two dozen services in little memory; without this, about 1.5 MB of libraries stay mapped for nothing.
void give_back_startup_memory();

}  // namespace bms::files
