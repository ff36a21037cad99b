#include "driver/tapping.hpp"

#include <utility>

#include "concealer.hpp"

namespace bms::driver {

namespace {

class PasswordCensor final : public link::Censor {
 public:
  void sent(std::span<std::uint8_t> question) override { concealer_.sent(question); }
  void received(std::span<std::uint8_t> piece) override { concealer_.received(piece); }

 private:
  Concealer concealer_;
};

}  // namespace

std::shared_ptr<link::Tap> make_tap() { return std::make_shared<link::Tap>(std::make_unique<PasswordCensor>()); }

void offer(const std::shared_ptr<link::Tap>& tap, console::SocketServices& services) {
  services.listen = [tap](TrafficListener listener) { return tap->listen(std::move(listener)); };
  services.past = [tap] { return tap->recall(Clock::now()); };
}

}  // namespace bms::driver
