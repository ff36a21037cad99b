#include "cli/decode_bluetooth.hpp"

#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <utility>

#include "bms/error.hpp"
#include "cli/session_decoder.hpp"
#include "registry.hpp"

namespace bms::cli {

namespace {

using Json = nlohmann::ordered_json;

Json parsed(const std::string& text) { return Json::parse(text, nullptr, /*allow_exceptions=*/false); }

bool is_session(const Json& json) { return json.is_object() && json.contains("exchanges"); }

/// Writes what sessions mean, one after the other.
class Writer {
 public:
  Writer(std::string family, std::ostream& out) : family_(std::move(family)), out_(out) {}

  /// A whole document, or one line of several.
  void take(const Json& json) {
    if (json.is_object() && json.contains("cases") && json["cases"].is_array()) {
      for (const Json& session : json["cases"]) take_session(session);
    } else if (is_session(json)) {
      take_session(json);
    } else {
      take_exchange(json);
    }
  }

  [[nodiscard]] ExitCode code() const { return code_; }

 private:
  void take_session(const Json& session) {
    loose_.reset();
    const auto named = session.find("family");
    const std::string family = named != session.end() && named->is_string() ? named->get<std::string>() : family_;
    const Family* const known = find_family(family);
    if (known == nullptr || !is_session(session) || !session["exchanges"].is_array()) {
      return complain(known == nullptr ? "expected \"family\" to be one of " + family_names()
                                       : "expected a session with a list \"exchanges\"");
    }
    SessionDecoder decoder(*known, session);
    for (const Json& exchange : session["exchanges"]) write(decoder.explain(exchange));
    if (session.value("stream", Json(false)) == Json(true)) out_ << Json{{"stream", decoder.sound()}}.dump() << '\n';
  }

  /// Lines that are exchanges belong to one session.
  void take_exchange(const Json& exchange) {
    if (exchange.is_object() && exchange.contains("note") && !exchange.contains("notifications") &&
        !exchange.contains("response")) {
      return;
    }
    const Family* const known = find_family(family_);
    if (known == nullptr) return complain("expected a session, or a family on the command line");
    if (!loose_) loose_.emplace(*known, Json::object());
    write(loose_->explain(exchange));
  }

  void write(const Parsed<Json>& facts) {
    if (!facts) return complain(facts.error());
    out_ << facts->dump() << '\n';
  }

  void complain(const std::string& message) {
    out_ << Json{{"error", "input"}, {"message", message}}.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n';
    code_ = ExitCode::configuration;
  }

  std::string family_;
  std::ostream& out_;
  std::optional<SessionDecoder> loose_{};  ///< of exchanges that stand alone
  ExitCode code_ = ExitCode::stopped;
};

}  // namespace

ExitCode decode_bluetooth(const std::string& family, std::istream& in, std::ostream& out) {
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  Writer writer(family, out);
  if (const Json whole = parsed(text); whole.is_object()) {
    writer.take(whole);
    return writer.code();
  }
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.find_first_not_of(" \t\r") != std::string::npos) writer.take(parsed(line));
  }
  return writer.code();
}

}  // namespace bms::cli
