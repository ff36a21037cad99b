#include "link/capture.hpp"

#include <cerrno>
#include <cstring>
#include <istream>
#include <nlohmann/json.hpp>

#include "bms/hex.hpp"

namespace bms::link {

namespace asio = boost::asio;
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

Result<CaptureFile> CaptureFile::create(const std::string& path, std::uint64_t max_bytes) {
  std::ofstream file(path, std::ios::trunc | std::ios::binary);
  if (!file) return failure(ErrorKind::link, "cannot write the capture " + path + ": " + std::strerror(errno));
  return CaptureFile(std::move(file), max_bytes);
}

CaptureFile::CaptureFile(std::ofstream file, std::uint64_t max_bytes) : file_(std::move(file)), left_(max_bytes) {}

void CaptureFile::write(const Exchange& exchange) { append(to_line(exchange)); }

void CaptureFile::write(const ReachedBoard& board) {
  ordered_json line{{"note", "the board that answers"}};
  line.update(to_json(board));
  append(line.dump() + "\n");
}

void CaptureFile::append(const std::string& line) {
  if (left_ == 0) return;
  if (line.size() > left_) {
    left_ = 0;
    file_ << R"({"note": "the capture has reached its largest size and ends here"})" << std::endl;
    return;
  }
  left_ -= line.size();
  file_ << line << std::flush;
}

Result<Capture> read_capture(std::istream& in) {
  Capture capture;
  std::string text;
  for (int number = 1; std::getline(in, text); ++number) {
    if (text.find_first_not_of(" \t\r") == std::string::npos) continue;
    try {
      const json line = json::parse(text);
      if (line.contains("note")) {
        if (auto board = reached_board_from(line)) capture.board = std::move(board);
      } else {
        capture.exchanges.push_back(from_line(line));
      }
    } catch (const std::exception& problem) {
      return failure(ErrorKind::rejected,
                     "line " + std::to_string(number) +
                         R"(: expected {"time_s": s, "request": HEX or null, "response": [HEX, ...], )" +
                         R"("response_time_s": [s, ...]}: )" + problem.what());
    }
  }
  return capture;
}

CaptureLink::CaptureLink(Link& line, CaptureFile file) : line_(line), file_(std::move(file)), began_(line.now()) {}

CaptureLink::~CaptureLink() { finish_exchange(); }

double CaptureLink::elapsed_s() const { return std::chrono::duration<double>(line_.now() - began_).count(); }

void CaptureLink::finish_exchange() {
  if (!exchange_.request.empty() || !exchange_.response.empty()) file_.write(exchange_);
  exchange_ = {};
}

asio::awaitable<Result<void>> CaptureLink::write(Bytes bytes) {
  finish_exchange();
  exchange_.time_s = elapsed_s();
  exchange_.request.assign(bytes.begin(), bytes.end());
  co_return co_await line_.write(bytes);
}

asio::awaitable<Result<std::size_t>> CaptureLink::read(std::span<std::uint8_t> buffer, TimePoint deadline,
                                                       std::size_t missing) {
  auto got = co_await line_.read(buffer, deadline, missing);
  if (got && *got > 0) {
    // A BMS that talks by itself is never asked, so nothing else would end the exchange.
    if (exchange_.request.empty() && elapsed_s() - exchange_.time_s > longest_unasked_s) finish_exchange();
    if (exchange_.request.empty() && exchange_.response.empty()) exchange_.time_s = elapsed_s();
    const auto piece = buffer.first(*got);
    exchange_.response.emplace_back(elapsed_s(), std::vector<std::uint8_t>(piece.begin(), piece.end()));
  }
  co_return got;
}

}  // namespace bms::link
