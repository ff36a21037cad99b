#include "mqtt/dial.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "files/descriptor.hpp"

namespace bms::mqtt {

/// What both threads know. The thread writes before it closes its end of the pipe; the loop reads after it has seen
/// that.
struct Dial::Call {
  std::unique_ptr<Session> session;
  Config config;
  Failure failure{};
  std::optional<files::Descriptor> our_end{};  ///< closed at the end
};

Dial::Dial(boost::asio::io_context& loop, std::unique_ptr<Session> session, Config config, OnEnd on_end)
    : call_(std::make_shared<Call>(Call{.session = std::move(session), .config = std::move(config)})),
      ended_(loop),
      on_end_(std::move(on_end)) {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  ended_.assign(pipe[0]);
  call_->our_end.emplace(pipe[1]);
  std::thread([call = call_] {
    call->failure = call->session->connect(call->config);
    call->our_end.reset();
  }).detach();
  await_end();
}

Dial::~Dial() = default;

void Dial::await_end() {
  ended_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                    [this, here = std::weak_ptr(here_)](const boost::system::error_code& cancelled) {
                      if (cancelled || here.expired()) return;
                      // Whoever hears of it may do away with this object.
                      const OnEnd on_end = std::move(on_end_);
                      const std::shared_ptr<Call> call = std::move(call_);
                      on_end(std::move(call->session), std::move(call->failure));
                    });
}

}  // namespace bms::mqtt
