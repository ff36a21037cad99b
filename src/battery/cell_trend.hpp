// What cells and pack were like during the last days: two rings of fixed size.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace bms::battery {

/// So much of the pack in five minutes. Cells count from 1.
struct PackPoint {
  static constexpr std::int16_t no_current = INT16_MIN;
  static constexpr std::uint8_t no_soc = 255;

  std::uint16_t lowest_mv = 0, highest_mv = 0;  ///< of any cell at any moment; 0: nothing is known of this time
  std::uint8_t lowest_cell = 0, highest_cell = 0;
  std::int16_t current_100ma = no_current;  ///< mean, in tenths of an ampere
  std::uint8_t soc_half_pct = no_soc;       ///< at the end, in halves of a per cent

  [[nodiscard]] bool known() const { return lowest_mv != 0; }
  [[nodiscard]] std::optional<double> current_a() const;
  [[nodiscard]] std::optional<double> soc_pct() const;

  friend bool operator==(const PackPoint&, const PackPoint&) = default;
};

/// The newest rows of equal width; a new row pushes the oldest one out. All memory is taken at the start.
template <class T>
class RowRing {
 public:
  RowRing() = default;
  RowRing(std::size_t rows, std::size_t width) : rows_(rows), width_(width), values_(rows * width) {}

  void push(std::span<const T> row) {
    for (std::size_t i = 0; i < width_; ++i) values_[next_ * width_ + i] = row[i];
    next_ = next_ + 1 == rows_ ? 0 : next_ + 1;
    if (size_ < rows_) ++size_;
  }

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t width() const { return width_; }

  /// The oldest row is number 0.
  [[nodiscard]] std::span<const T> operator[](std::size_t row) const {
    const std::size_t place = (next_ + rows_ - size_ + row) % rows_;
    return std::span(values_).subspan(place * width_, width_);
  }

  /// Whether the same rows would be read.
  friend bool operator==(const RowRing& one, const RowRing& other) {
    if (one.size_ != other.size_ || one.width_ != other.width_) return false;
    for (std::size_t i = 0; i < one.size_; ++i) {
      const auto row = one[i];
      const auto same = other[i];
      for (std::size_t k = 0; k < one.width_; ++k)
        if (!(row[k] == same[k])) return false;
    }
    return true;
  }

 private:
  std::size_t rows_ = 0, width_ = 0, next_ = 0, size_ = 0;
  std::vector<T> values_;
};

/// Two days of each cell and five days of the pack. Time that nobody saw is in it as rows of which nothing is known, so
/// rows are as far apart as they say.
struct CellTrend {
  static constexpr std::size_t cell_rows = 288;
  static constexpr double cell_row_s = 600;
  static constexpr std::size_t pack_rows = 1440;
  static constexpr double pack_row_s = 300;

  CellTrend() = default;
  explicit CellTrend(std::size_t cells) : cells_mv(cell_rows, cells), pack(pack_rows, 1) {}

  RowRing<std::uint16_t> cells_mv;  ///< means; 0: not known
  RowRing<PackPoint> pack;
  double cells_until_unix_s = 0, pack_until_unix_s = 0;  ///< the end of the newest row; 0: no clock could be believed

  friend bool operator==(const CellTrend&, const CellTrend&) = default;
};

/// Collects readings into rows of a trend. Values hold until the next ones come.
class TrendWriter {
 public:
  /// What the pack was like for a while.
  struct Held {
    std::span<const std::uint16_t> cells_mv;  ///< 0: not known
    std::optional<double> current_a, soc_pct;
  };

  /// These have been the values for so many seconds, of which `unix_s` is the end.
  void hold(CellTrend& trend, const Held& held, double seconds, double unix_s);

  /// So many seconds have passed unseen.
  void skip(CellTrend& trend, double seconds, double unix_s);

  /// Forgets the rows that have begun.
  void clear() { *this = {}; }

 private:
  struct Mean {
    double sum = 0, seconds = 0;
    void add(double value, double for_s);
    [[nodiscard]] std::optional<double> value() const;
  };

  void collect(const Held& held, double seconds);
  void pass(CellTrend& trend, double seconds, double unix_s);
  void end_pack_row(CellTrend& trend, double unix_s);
  void end_cell_row(CellTrend& trend, double unix_s);

  double row_s_ = 0;     ///< into the present row of the pack
  bool second_ = false;  ///< it is the second one in the row of the cells
  PackPoint point_;
  Mean current_a_;
  std::vector<Mean> cells_mv_;
};

}  // namespace bms::battery
