#include "config/import/btbattery_line.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <optional>
#include <utility>

#include "bluetooth/address.hpp"
#include "bms/utf8.hpp"
#include "config/text.hpp"

namespace bms::config {

namespace {

constexpr std::string_view line_blanks = " \t\r\n";
constexpr std::size_t most_faults = 8;        // that are told one by one
constexpr std::size_t most_that_it_read = 4;  // batteries of its command line

struct ModeOption {
  std::string_view brief, full;
  BankMode mode;
  std::string_view written;  ///< in our file
};
constexpr ModeOption mode_options[] = {
    {"-s", "--series", BankMode::series, "series"},
    {"-p", "--parallel", BankMode::parallel, "parallel"},
};

constexpr std::string_view programs[] = {"dbus-btbattery.py", "dbus-btbattery"};

constexpr std::string_view form_of_battery =
    "MAC or MAC:/path/to/config.ini, where MAC is six pairs of hexadecimal digits, as in A4:C1:37:00:00:23";

bool has_blank(std::string_view word) { return word.find_first_of(line_blanks) != std::string_view::npos; }

/// The place of the sixth colon: what is behind it is a path, whatever stands there.
std::size_t end_of_address(std::string_view word) {
  std::size_t at = word.find(':');
  for (std::size_t i = 1; i < bluetooth::address_pairs && at != std::string_view::npos; ++i)
    at = word.find(':', at + 1);
  return at;
}

std::optional<std::string> address_of(std::string_view word) {
  return bluetooth::canonical_address(word.substr(0, end_of_address(word)));
}

/// A line that goes on in the next one, behind a backslash, as one.
std::string on_one_line(std::string line) {
  for (const std::string_view end : {"\\\n", "\\\r\n"}) {
    for (auto at = line.find(end); at != std::string::npos; at = line.find(end, at)) line.erase(at, end.size());
  }
  return line;
}

/// As a shell takes a line apart, with its quotes and backslashes. Empty optional: a quote has no end.
std::optional<std::vector<std::string>> words_of(const std::string& text) {
  const std::string line = on_one_line(text);
  std::vector<std::string> words;
  std::string word;
  bool begun = false;  // what is in quotes may be empty
  char quote = '\0';
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    const bool opens = quote == '\0' && (c == '"' || c == '\'');
    const bool ends = quote == '\0' && line_blanks.contains(c);
    if (opens || c == quote) {
      quote = opens ? c : '\0';
    } else if (!ends) {
      const bool escape = c == '\\' && quote != '\'' && i + 1 < line.size();
      word += escape ? line[++i] : c;
    } else if (begun) {
      words.push_back(std::exchange(word, {}));
    }
    begun = !ends;
  }
  if (begun) words.push_back(std::move(word));
  return quote == '\0' ? std::optional(std::move(words)) : std::nullopt;
}

/// Takes a text apart that stands for the whole line. Among several words each has been in quotes if it has a blank.
std::optional<std::vector<std::string>> single_words(std::span<const std::string> words) {
  std::vector<std::string> all;
  all.reserve(words.size());
  const auto is_option = [](const std::string& word) { return word.starts_with('-') && !has_blank(word); };
  const bool one_text = std::ranges::count_if(words, std::not_fn(is_option)) == 1;
  for (const std::string& word : words) {
    if (!one_text || !has_blank(word)) {
      all.push_back(word);
    } else if (auto pieces = words_of(word)) {
      std::ranges::move(*pieces, std::back_inserter(all));
    } else {
      return std::nullopt;
    }
  }
  return all;
}

bool names_the_program(std::string_view word) {
  return !word.contains(':') &&
         std::ranges::any_of(programs, [&](std::string_view program) { return word.ends_with(program); });
}

/// Leaves out "exec python3 /some/where/dbus-btbattery.py". Nothing goes that may be an option or an address.
void drop_program(std::vector<std::string>& words) {
  const auto last = std::find_if(words.rbegin(), words.rend(), names_the_program).base();
  words.erase(std::remove_if(words.begin(), last,
                             [](const std::string& word) { return !word.starts_with('-') && !word.contains(':'); }),
              last);
}

class LineReader {
 public:
  std::expected<BtLine, std::vector<std::string>> read(std::span<const std::string> words) {
    for (const std::string& word : words) {
      if (word.starts_with('-')) {
        take_option(word);
      } else {
        take_battery(word);
      }
    }
    judge_number();
    if (!faults_.empty()) return std::unexpected(told_faults());
    return std::move(line_);
  }

 private:
  void fault(std::string text) { faults_.push_back(std::move(text)); }

  void doubt(std::string text) {
    if (std::ranges::find(line_.doubts, text) == line_.doubts.end()) line_.doubts.push_back(std::move(text));
  }

  void take_option(const std::string& word) {
    const auto* const option = std::ranges::find_if(mode_options, [&](const ModeOption& one) {
      return equal_without_case(word, one.brief) || equal_without_case(word, one.full);
    });
    if (option == std::end(mode_options)) {
      return fault("expected -s (--series), -p (--parallel) or the address of a battery, found the option " +
                   quoted_briefly(word) + ", which dbus-btbattery does not have; leave it out");
    }
    if (mode_ != nullptr && mode_ != option) {
      doubt("-s and -p are both there; the last one counts, as in dbus-btbattery");
    }
    mode_ = option;
    line_.mode = option->mode;
  }

  void take_battery(std::string_view word) {
    auto address = address_of(word);
    if (!address) return fault("expected " + std::string(form_of_battery) + ", found " + quoted_briefly(word));
    BtBattery battery{.address = *std::move(address)};
    if (const std::size_t end = end_of_address(word); end != std::string_view::npos) {
      battery.file = word.substr(end + 1);
      if (battery.file.empty()) {
        return fault("expected a path behind the sixth colon of " + quoted_briefly(word) +
                     ", found nothing; leave the colon out if the battery has no file of its own");
      }
      if (address_of(battery.file)) {
        return fault("expected a blank between two batteries, found " + quoted_briefly(word));
      }
    }
    add(std::move(battery));
  }

  void add(BtBattery battery) {
    const auto same = std::ranges::find(line_.batteries, battery.address, &BtBattery::address);
    if (same == line_.batteries.end()) {
      line_.batteries.push_back(std::move(battery));
      return;
    }
    const bool other_file = !battery.file.empty() && !same->file.empty() && battery.file != same->file;
    doubt(battery.address + " stands there twice; it counts once" +
          (other_file ? ", with the file that is named last, as in dbus-btbattery: " + quoted_briefly(battery.file)
                      : ""));
    if (!battery.file.empty()) same->file = std::move(battery.file);
  }

  void judge_number() {
    const std::size_t count = line_.batteries.size();
    const std::string number = std::to_string(count);
    if (count == 0 && faults_.empty()) fault("expected " + std::string(form_of_battery) + ", found no battery");
    if (count > most_bank_members) {
      fault("expected at most " + std::to_string(most_bank_members) + " batteries, which a bank can have, found " +
            number);
    } else if (count > most_that_it_read) {
      doubt("dbus-btbattery reads the first " + std::to_string(most_that_it_read) + " of " + number +
            " batteries only, here they all count; take out those that are not connected");
    }
  }

  [[nodiscard]] std::vector<std::string> told_faults() const {
    std::vector<std::string> told = faults_;
    if (told.size() > most_faults) {
      told.resize(most_faults);
      told.push_back("and " + std::to_string(faults_.size() - most_faults) + " more like these");
    }
    return told;
  }

  BtLine line_{};
  std::vector<std::string> faults_{};
  const ModeOption* mode_ = nullptr;
};

}  // namespace

std::string quoted_briefly(std::string_view text) {
  constexpr std::size_t most = 100;
  const std::string clean = clean_text(text);
  return "\"" + shortened(clean, most) + (clean.size() > most ? "..." : "") + "\"";
}

std::expected<BtLine, std::vector<std::string>> read_btbattery_line(std::span<const std::string> words) {
  auto single = single_words(words);
  if (!single)
    return std::unexpected(
        std::vector<std::string>{"expected a quote for each quote in the line, found one without an end"});
  drop_program(*single);
  return LineReader().read(*single);
}

}  // namespace bms::config
