#include "driver/process_line.hpp"

#include <spdlog/spdlog.h>

#include <stdexcept>
#include <utility>

#include "driver/tapping.hpp"

namespace bms::driver {

namespace asio = boost::asio;

namespace {

constexpr std::uint64_t capture_limit_bytes = 10'000'000;

/// Begins to record what passes over a line. Throws std::invalid_argument when the file cannot be made.
std::unique_ptr<link::Recorder> recorder(const std::string& file) {
  auto created = link::CaptureFile::create(file, capture_limit_bytes, [](const std::string& what, bool problem) {
    spdlog::log(problem ? spdlog::level::err : spdlog::level::warn, "{}", what);
  });
  if (!created) throw std::invalid_argument("--capture: " + created.error().message);
  return std::make_unique<link::Recorder>(*std::move(created), Clock::now());
}

}  // namespace

ProcessLine::ProcessLine(const Process& process, link::Port port, const MakeWay& make_way)
    : process_(process), port_(std::move(port)), pulse_(process.watchdog, pulse_limit), tap_(make_tap()) {
  line::PortSearch looked_for = search();
  way_ = make_way([this] { pulse_.beat(); }, looked_for.candidates().front().options.variant.baud);
  line_to_board_.emplace(*way_.link, *tap_);
  if (process_.config.settings_for({port_.name, port_.by_address()}).trace_memory) tap_->remember();
  if (!process_.options.capture_file.empty()) record(process_.options.capture_file);
  begin(std::move(looked_for));
}

void ProcessLine::record(const std::string& file) {
  recorder_ = recorder(file);
  recording_ = tap_->listen([this](const Traffic& piece) { recorder_->take(piece); });
}

line::PortSearch ProcessLine::search() const {
  return {port_, process_.options.bms, process_.options.addresses, process_.options.state_directory, process_.config};
}

void ProcessLine::begin(line::PortSearch search) {
  const Surroundings around{.loop = process_.loop,
                            .line = *line_to_board_,
                            .port = port_,
                            .config = process_.config,
                            .places = process_.places,
                            .pulse = pulse_,
                            .alone = process_.one_line,
                            .give_up = process_.give_up,
                            .interval_s = process_.options.interval_s,
                            .tap = tap_,
                            .link_quality = way_.quality,
                            .release_line = way_.release};
  LineOptions told;
  told.make_faces = [this](const FacePlace& place) {
    return process_.outlets.make_faces(port_, place, process_.give_up);
  };
  told.on_found = [this](const link::ReachedBoard& board) {
    if (recorder_) recorder_->note(board);
  };
  line_.emplace(around, std::move(search), std::move(told));
}

asio::awaitable<void> ProcessLine::live() {
  // The only line of a process ends with it, and a supervisor starts it anew.
  for (bool anew = true; anew;) {
    const bool another_board = co_await line_->live();
    end();
    anew = another_board && !process_.one_line;
    if (anew) begin(search());
  }
  pulse_.stop();
}

void ProcessLine::end() {
  if (!line_) return;
  line_->end();
  line_.reset();
}

}  // namespace bms::driver
