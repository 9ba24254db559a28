# zxrun itself: core, host side, services and loader in one program.
#
# Gives ZXRUN. Other fragments link HOST_OBJS and SERVICE_OBJS into their tests.

ZXRUN := $(B)/zxrun
HOST_SRCS := $(sort $(wildcard compat/host/*.c))
HOST_OBJS := $(HOST_SRCS:%.c=$(B)/%.o) $(B)/compat/host/images.o
SERVICE_SRCS := $(sort $(wildcard compat/services/*.c compat/services/*/*.c))
SERVICE_OBJS := $(SERVICE_SRCS:%.c=$(B)/%.o)
LOADER_SRCS := $(sort $(wildcard loader/*.c))
LOADER_OBJS := $(LOADER_SRCS:%.c=$(B)/%.o)

ZXRUN_OBJS := $(HOST_OBJS) $(SERVICE_OBJS) $(LOADER_OBJS)
ZXRUN_LIBS := -lelf -lseccomp -luring

$(filter-out %/images.o,$(ZXRUN_OBJS)): $(B)/%.o: %.c | $(GEN_FILES)
	@mkdir -p $(@D)
	$(SAY_CC)$(CC) $(CFLAGS_HOST) $(INCLUDES) -MMD -MP -c -o $@ $<

# The helper for crash reports: a program of its own, as it reads what programs have made.
CRASH := $(B)/zxrun-crash
CRASH_OBJS := $(patsubst %.c,$(B)/%.o,$(sort $(wildcard compat/crash/*.c)))
# It has one thread, and its sandbox no system call for the thread sanitizer.
CRASH_CFLAGS := $(filter-out -fsanitize=thread,$(CFLAGS_HOST))
CRASH_LDFLAGS := $(filter-out -fsanitize=thread,$(LDFLAGS_HOST))

$(CRASH_OBJS): $(B)/%.o: %.c
	@mkdir -p $(@D)
	$(SAY_CC)$(CC) $(CRASH_CFLAGS) $(INCLUDES) -MMD -MP -c -o $@ $<

$(CRASH): $(CRASH_OBJS)
	$(SAY_LD)$(CC) $(CRASH_CFLAGS) $(CRASH_LDFLAGS) $(if $(SANITIZE),,-s) -o $@ $^ -ldw -lelf -lseccomp -liberty

$(B)/compat/host/images.o: compat/host/images.S $(VDSO) $(SHIM) $(CRASH)
	@mkdir -p $(@D)
	$(SAY_CC)$(CC) -DVDSO_FILE='"$(VDSO)"' -DSHIM_FILE='"$(SHIM)"' \
		-DCRASH_FILE='"$(CRASH)"' -c -o $@ $<

$(ZXRUN): $(ZXRUN_OBJS) $(CORE_LIB)
	$(SAY_LD)$(CC) $(CFLAGS_HOST) $(LDFLAGS_HOST) -o $@ $^ $(ZXRUN_LIBS)

-include $(ZXRUN_OBJS:.o=.d) $(CRASH_OBJS:.o=.d)
