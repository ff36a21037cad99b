// A plugin of qemu's user mode: counts the instructions of the program that it emulates, into a file that can be read
// meanwhile.
//   qemu-arm -plugin count_instructions.so,into=FILE PROGRAM
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

// What is used of qemu's header, which does not come with the program.
typedef uint64_t plugin_id;
struct qemu_plugin_tb;
enum inline_operation { INLINE_ADD_U64 };
void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id id, void (*translated)(plugin_id id, struct qemu_plugin_tb* block));
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb* block);
void qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb* block, enum inline_operation operation, void* counter,
                                              uint64_t amount);

int qemu_plugin_version = 1;
static uint64_t* counter;

static void translated(plugin_id id, struct qemu_plugin_tb* block) {
  (void)id;
  qemu_plugin_register_vcpu_tb_exec_inline(block, INLINE_ADD_U64, counter, qemu_plugin_tb_n_insns(block));
}

int qemu_plugin_install(plugin_id id, const void* info, int argc, char** argv) {
  (void)info;
  static const char option[] = "into=";
  if (argc != 1 || strncmp(argv[0], option, sizeof option - 1) != 0) return -1;
  const int file = open(argv[0] + sizeof option - 1, O_RDWR | O_CREAT, 0644);
  if (file < 0 || ftruncate(file, sizeof *counter) != 0) return -1;
  counter = mmap(NULL, sizeof *counter, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  if (counter == MAP_FAILED) return -1;
  qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
  return 0;
}
