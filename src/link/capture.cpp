#include "link/capture.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <istream>
#include <nlohmann/json.hpp>

#include "bms/hex.hpp"
#include "files/atomic_file.hpp"
#include "files/small_file.hpp"

namespace bms::link {

using nlohmann::json;
using nlohmann::ordered_json;

namespace {

constexpr double longest_unasked_s = 1;

double microseconds_only(double time_s) { return static_cast<double>(static_cast<long long>(time_s * 1e6)) / 1e6; }

std::string to_line(const Exchange& exchange) {
  ordered_json line;
  line["time_s"] = microseconds_only(exchange.time_s);
  line["request"] = exchange.request.empty() ? ordered_json(nullptr) : ordered_json(to_hex(exchange.request));
  line["response"] = ordered_json::array();
  line["response_time_s"] = ordered_json::array();
  for (const auto& [time_s, piece] : exchange.response) {
    line["response"].push_back(to_hex(piece));
    line["response_time_s"].push_back(microseconds_only(time_s));
  }
  return line.dump() + "\n";
}

std::vector<std::uint8_t> bytes_of(const json& hex) {
  auto bytes = from_hex(hex.get<std::string>());
  if (!bytes) throw std::invalid_argument("\"" + hex.get<std::string>() + "\" is no hexadecimal text");
  return *std::move(bytes);
}

Exchange from_line(const json& line) {
  Exchange exchange;
  exchange.time_s = line.at("time_s").get<double>();
  if (!line.at("request").is_null()) exchange.request = bytes_of(line.at("request"));
  const json& pieces = line.at("response");
  const json& times = line.at("response_time_s");
  if (pieces.size() != times.size()) throw std::invalid_argument("response and response_time_s differ in length");
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    exchange.response.emplace_back(times.at(i).get<double>(), bytes_of(pieces.at(i)));
  }
  return exchange;
}

}  // namespace

Result<CaptureFile> CaptureFile::create(const std::string& path, std::uint64_t max_bytes, Report report) {
  auto file = files::open_to_overwrite(path);
  if (!file) return failure(ErrorKind::link, "expected a file to record into: " + path + " " + file.error());
  return CaptureFile(path, *std::move(file), max_bytes, std::move(report));
}

CaptureFile::CaptureFile(std::string path, files::Descriptor file, std::uint64_t max_bytes, Report report)
    : path_(std::move(path)), file_(std::move(file)), max_bytes_(max_bytes), report_(std::move(report)) {}

void CaptureFile::write(const Exchange& exchange) { append(to_line(exchange)); }

void CaptureFile::write(const ReachedBoard& board) {
  ordered_json line{{"note", "the board that answers"}};
  line.update(to_json(board));
  append(line.dump() + "\n");
}

void CaptureFile::append(const std::string& line) {
  if (over_) return;
  std::string lines = line;
  if (size_ + line.size() > max_bytes_) {
    over_ = true;
    lines = R"({"note": "the capture has reached its largest size and ends here"})"
            "\n";
    report_("the capture " + path_ + " has reached its largest size and ends", false);
  }
  if (missing_ > 0)
    lines.insert(0, R"({"note": ")" + std::to_string(missing_) +
                        R"( lines are missing here"})"
                        "\n");
  if (!write_whole(lines)) {
    if (++missing_ == 1) report_("the capture " + path_ + " cannot be written: " + std::strerror(errno), true);
    return;
  }
  if (missing_ > 0)
    report_("the capture " + path_ + " goes on, " + std::to_string(missing_) + " lines are missing", false);
  missing_ = 0;
}

/// All of it or nothing: half a line would spoil what comes after it.
bool CaptureFile::write_whole(const std::string& lines) {
  if (files::write_all(file_, lines)) {
    size_ += lines.size();
    return true;
  }
  const int why = errno;
  const auto end = static_cast<off_t>(size_);
  if (::ftruncate(file_.number(), end) == 0) ::lseek(file_.number(), end, SEEK_SET);
  errno = why;
  return false;
}

namespace {

// Far more than is ever recorded; the file may be anything.
constexpr std::size_t longest_line = 1'000'000;
constexpr std::size_t largest_capture = 100'000'000;

/// The next line, as far as it is no longer than `longest_line`. False: there is none.
bool next_line(std::istream& in, std::string& line) {
  line.clear();
  int letter = in.get();
  if (letter == std::istream::traits_type::eof()) return false;
  for (; letter != std::istream::traits_type::eof() && letter != '\n'; letter = in.get()) {
    line.push_back(static_cast<char>(letter));
    if (line.size() == longest_line) break;
  }
  return true;
}

}  // namespace

Result<Capture> read_capture(std::istream& in) {
  Capture capture;
  std::string text;
  std::size_t size = 0;
  for (int number = 1; next_line(in, text); ++number) {
    size += text.size();
    if (text.size() == longest_line || size > largest_capture)
      return failure(ErrorKind::rejected, "line " + std::to_string(number) + ": larger than any capture");
    if (text.find_first_not_of(" \t\r") == std::string::npos) continue;
    try {
      const json line = json::parse(text);
      if (line.contains("note")) {
        if (auto board = reached_board_from(line)) capture.board = std::move(board);
      } else {
        capture.exchanges.push_back(from_line(line));
      }
    } catch (const json::parse_error&) {
      constexpr std::size_t shown = 40;
      return failure(ErrorKind::rejected, "line " + std::to_string(number) +
                                              ": expected JSON, as `run --capture` and `trace -o` write it, found \"" +
                                              text.substr(0, shown) + "\"");
    } catch (const std::exception& problem) {
      return failure(ErrorKind::rejected,
                     "line " + std::to_string(number) +
                         R"(: expected {"time_s": s, "request": HEX or null, "response": [HEX, ...], )" +
                         R"("response_time_s": [s, ...]}: )" + problem.what());
    }
  }
  if (in.bad()) return failure(ErrorKind::rejected, "the capture cannot be read");
  return capture;
}

void Recorder::finish_exchange() {
  if (!exchange_.request.empty() || !exchange_.response.empty()) file_.write(exchange_);
  exchange_ = {};
}

void Recorder::take(const Traffic& piece) {
  const double time_s = std::chrono::duration<double>(piece.at - began_).count();
  const auto& bytes = piece.bytes;
  const bool asked = !exchange_.request.empty();
  // A BMS that talks by itself is never asked, so nothing else would end the exchange.
  if (piece.sent || (!asked && time_s - exchange_.time_s > longest_unasked_s)) finish_exchange();
  if (exchange_.request.empty() && exchange_.response.empty()) exchange_.time_s = time_s;
  if (piece.sent) {
    exchange_.request.assign(bytes.begin(), bytes.end());
  } else {
    exchange_.response.emplace_back(time_s, std::vector<std::uint8_t>(bytes.begin(), bytes.end()));
  }
}

}  // namespace bms::link
