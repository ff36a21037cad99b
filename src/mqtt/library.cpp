#include "mqtt/library.hpp"

#include <dlfcn.h>

namespace bms::mqtt {

namespace {

/// Finds one function after the other, until one is missing.
class Finder {
 public:
  explicit Finder(void* library) : library_(library) {}

  template <class Function>
  void operator()(Function& place, const char* name) {
    if (!missing_.empty()) return;
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): as dlsym() is made
    place = reinterpret_cast<Function>(dlsym(library_, name));
    if (place == nullptr) missing_ = name;
  }

  [[nodiscard]] const std::string& missing() const { return missing_; }

 private:
  void* library_;
  std::string missing_;
};

void find_all(Library& library, Finder& find) {
  find(library.create, "mosquitto_new");
  find(library.destroy, "mosquitto_destroy");
  find(library.int_option, "mosquitto_int_option");
  find(library.will_set, "mosquitto_will_set");
  find(library.username_pw_set, "mosquitto_username_pw_set");
  find(library.tls_set, "mosquitto_tls_set");
  find(library.tls_insecure_set, "mosquitto_tls_insecure_set");
  find(library.property_add_int32, "mosquitto_property_add_int32");
  find(library.property_free_all, "mosquitto_property_free_all");
  find(library.connect_bind, "mosquitto_connect_bind_v5");
  find(library.disconnect, "mosquitto_disconnect");
  find(library.publish, "mosquitto_publish");
  find(library.subscribe, "mosquitto_subscribe");
  find(library.loop_read, "mosquitto_loop_read");
  find(library.loop_write, "mosquitto_loop_write");
  find(library.loop_misc, "mosquitto_loop_misc");
  find(library.socket, "mosquitto_socket");
  find(library.want_write, "mosquitto_want_write");
  find(library.connect_callback_set, "mosquitto_connect_callback_set");
  find(library.disconnect_callback_set, "mosquitto_disconnect_callback_set");
  find(library.publish_callback_set, "mosquitto_publish_callback_set");
  find(library.message_callback_set, "mosquitto_message_callback_set");
  find(library.log_callback_set, "mosquitto_log_callback_set");
  find(library.strerror, "mosquitto_strerror");
}

}  // namespace

std::expected<Library, std::string> load_library(const char* name) {
  void* const loaded = dlopen(name, RTLD_NOW | RTLD_LOCAL);
  if (loaded == nullptr) {
    const char* const why = dlerror();
    return std::unexpected(std::string(why == nullptr ? name : why) + "; the package libmosquitto1 has it");
  }
  Finder find(loaded);
  Library library;
  find_all(library, find);
  if (!find.missing().empty())
    return std::unexpected(std::string(name) + " has no " + find.missing() + "; it is too old");
  using Init = decltype(&mosquitto_lib_init);
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): as dlsym() is made
  if (const auto init = reinterpret_cast<Init>(dlsym(loaded, "mosquitto_lib_init"))) init();
  return library;
}

}  // namespace bms::mqtt
