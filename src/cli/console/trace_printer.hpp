// Shows a trace while it comes.
#pragma once

#include <iosfwd>

#include "cli/console/trace_frames.hpp"
#include "console/trace_news.hpp"

namespace bms::cli {

struct TraceStyle {
  bool bytes = false;  ///< each part of each frame
  bool json = false;   ///< one JSON object for each frame
};

class TracePrinter {
 public:
  /// Times are counted from now. `family` as for TraceFrames.
  TracePrinter(const Family* family, TraceStyle style, std::ostream& out);

  void take(const console::TraceNews& news);

  /// Nothing more comes.
  void end() { frames_.end(); }

 private:
  void print(const TraceFrame& frame);
  void print_loss(std::uint64_t lost);

  TraceStyle style_;
  std::ostream& out_;
  TimePoint zero_ = Clock::now();
  TraceFrames frames_;
};

}  // namespace bms::cli
