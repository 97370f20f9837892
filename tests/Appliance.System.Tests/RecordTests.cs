using System.Globalization;
using System.Runtime.Versioning;
using Appliance.Tests.Shared;

namespace Appliance.SystemTests;

/// <summary>`appliance record` over a real cable, read back by other programs.</summary>
[SupportedOSPlatform("linux")]
public sealed class RecordTests : IAsyncLifetime
{
    private const int Port = 9000;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly TempFolder _folder = new();
    private Cable _cable = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Environment.UserName == "root", "Network namespaces need root.");
        Assert.SkipUnless(Tool.Has("nsenter") && Tool.Has("tshark") && File.Exists("/usr/bin/python3"), "nsenter, tshark or python3 is missing; ./test installs them.");
        _cable = await Cable.LayAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_cable is not null)
        {
            await _cable.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Theory]
    [InlineData("a.pcap", "ring")]
    [InlineData("a.pcapng", "ring")]
    [InlineData("a.pcap", "pcap")]
    public async Task Every_packet_that_was_sent_is_in_the_file(string name, string method)
    {
        var file = _folder.File(name);
        await using var recording = await RunningRecording.StartAsync(_cable, "--output", file, "--method", method);

        await _cable.SendAsync(20_000, 200, Port);
        var result = await recording.StopAsync();

        Assert.Equal((0, "stopped", 0), (result.ExitCode, result.End, result.Summary.GetProperty("dropped").GetInt64()));
        Assert.Equal(20_000, (await ReadAsync(file, $"udp.dstport == {Port} && !icmp", "frame.len")).Count(length => length == "242"));
        var lengths = await ReadAsync(file, "frame", "frame.len");
        Assert.Equal((lengths.Count, lengths.Sum(length => long.Parse(length, CultureInfo.InvariantCulture))), ((int)result.Packets, result.Summary.GetProperty("bytes").GetInt64()));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal([file], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task Only_what_the_filter_lets_through_is_recorded_cut_as_asked_for()
    {
        var file = _folder.File("some.pcapng");
        await using var recording = await RunningRecording.StartAsync(_cable, "--output", file, "--filter", $"udp dst port {Port}", "--snaplen", "64");

        await _cable.SendAsync(50, 200, Port + 1);
        await _cable.SendAsync(100, 200, Port);
        var result = await recording.StopAsync();

        Assert.Equal(100, result.Packets);
        Assert.Equal(["64"], (await ReadAsync(file, "frame", "frame.cap_len")).Distinct());
        Assert.Equal(["242"], (await ReadAsync(file, "frame", "frame.len")).Distinct());
    }

    [Fact]
    public async Task Files_share_the_room_and_the_oldest_goes()
    {
        await using var recording = await RunningRecording.StartAsync(_cable, "--output", _folder.File("r.pcap"), "--max-megabytes", "2", "--files", "2");

        await _cable.SendAsync(6000, 1000, Port);
        var result = await recording.StopAsync();

        Assert.Equal(0, result.ExitCode);
        Assert.True(result.Packets >= 6000, $"{result.Packets} packets");
        Assert.Equal(Directory.GetFiles(_folder.Path).Order(), result.Files.Order());
        Assert.Equal(["r-0006.pcap", "r-0007.pcap"], result.Files.Select(Path.GetFileName));
        Assert.InRange(result.Files.Sum(file => new FileInfo(file).Length), 1_000_000, 2_000_000);
        Assert.NotEmpty(await ReadAsync(result.Files[0], "frame", "frame.len"));
    }

    [Fact]
    public async Task A_single_file_ends_the_recording_when_its_room_is_full()
    {
        var file = _folder.File("s.pcap");
        await using var recording = await RunningRecording.StartAsync(_cable, "--output", file, "--max-megabytes", "1");

        await _cable.SendAsync(2000, 1000, Port);
        var result = await recording.EndAsync();

        Assert.Equal((0, "size"), (result.ExitCode, result.End));
        Assert.InRange(new FileInfo(file).Length, 990_000, 1_000_000);
        Assert.Equal(result.Packets, (await ReadAsync(file, "frame", "frame.len")).Count);
    }

    [Fact]
    public async Task It_ends_by_itself_after_its_time()
    {
        await using var recording = await RunningRecording.StartAsync(_cable, "--output", _folder.File("t.pcap"), "--seconds", "1");

        var result = await recording.EndAsync();

        Assert.Equal((0, "time"), (result.ExitCode, result.End));
    }

    [Fact]
    public async Task What_is_there_is_replaced_only_by_force()
    {
        var file = _folder.File("there.pcap");
        await File.WriteAllTextAsync(file, "mine");

        var refused = await Tool.RunAsync(Deadline, "nsenter", RunningRecording.Command(_cable, "--output", file)[1..]);
        var before = await File.ReadAllTextAsync(file);
        var forced = await Tool.RunAsync(Deadline, "nsenter", RunningRecording.Command(_cable, "--output", file, "--force", "--seconds", "1")[1..]);

        Assert.Equal((1, $"{file} is there already; give --force to replace it, or another --output.\n", "mine"), (refused.ExitCode, refused.Error, before));
        Assert.True(forced.ExitCode == 0, forced.All);
        Assert.True(await ReadAsync(file, "frame", "frame.len") is not null);
    }

    [Fact]
    public async Task A_full_disk_ends_it_and_what_was_written_can_be_read()
    {
        var disk = Directory.CreateDirectory(_folder.File("disk")).FullName;
        var mounted = await Tool.RunAsync(Deadline, "mount", "-t", "tmpfs", "-o", "size=1500k", "none", disk);
        Assert.SkipUnless(mounted.ExitCode == 0, $"no small disk can be mounted: {mounted.All}");
        try
        {
            var file = Path.Combine(disk, "f.pcap");
            await using var recording = await RunningRecording.StartAsync(_cable, "--output", file);

            await _cable.SendAsync(5000, 1000, Port);
            var result = await recording.EndAsync();

            Assert.Equal((1, "failed"), (result.ExitCode, result.End));
            Assert.Contains("No space left on device", result.Error, StringComparison.Ordinal);
            Assert.Contains($"the {result.Packets} packets before can be read", result.Error, StringComparison.Ordinal);
            Assert.NotEqual(0, result.Packets);
            Assert.Equal(result.Packets, (await ReadAsync(file, "frame", "frame.len")).Count);
        }
        finally
        {
            await Tool.RunAsync(Deadline, "umount", disk);
        }
    }

    [Fact]
    public async Task A_kernel_that_refuses_the_ring_leaves_it_to_libpcap()
    {
        // Refuses socket(AF_PACKET, SOCK_RAW|SOCK_CLOEXEC), which is the ring's; libpcap asks without the flag.
        const string Refusal = """
            import ctypes, os, platform, struct, sys
            call = {'x86_64': 41, 'aarch64': 198}[platform.machine()]
            rules = [(0x20,0,0,0), (0x15,0,5,call), (0x20,0,0,16), (0x15,0,3,17), (0x20,0,0,24), (0x15,0,1,0x80003), (6,0,0,0x50000|97), (6,0,0,0x7fff0000)]
            code = ctypes.create_string_buffer(b''.join(struct.pack('HBBI', *rule) for rule in rules))
            program = ctypes.create_string_buffer(struct.pack('HxxxxxxQ', len(rules), ctypes.addressof(code)))
            libc = ctypes.CDLL(None)
            assert libc.prctl(38, 1, 0, 0, 0) == 0 and libc.prctl(22, 2, program, 0, 0) == 0
            os.execvp(sys.argv[1], sys.argv[1:])
            """;
        var file = _folder.File("fallback.pcap");
        var command = RunningRecording.Command(_cable, "--output", file);
        await using var recording = await RunningRecording.StartAsync([.. command[..2], "/usr/bin/python3", "-c", Refusal, .. command[2..]]);

        await _cable.SendAsync(1000, 200, Port);
        var result = await recording.StopAsync();

        Assert.Contains("by libpcap", recording.FirstLine, StringComparison.Ordinal);
        Assert.Contains("Address family not supported by protocol", recording.FirstLine, StringComparison.Ordinal);
        Assert.Equal(1000, (await ReadAsync(file, $"udp.dstport == {Port} && !icmp", "frame.len")).Count);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public async Task Without_libpcap_a_filter_is_refused_and_everything_else_works()
    {
        var command = string.Join(' ', RunningRecording.Command(_cable, "--output", _folder.File("x.pcap"), "--seconds", "1"));
        const string Hide = "for l in /usr/lib/*/libpcap.so.*; do mount --bind /dev/null $l; done;";

        var filtered = await Tool.RunAsync(Deadline, "unshare", "-m", "sh", "-c", $"{Hide} exec {command} --filter udp");
        var whole = await Tool.RunAsync(Deadline, "unshare", "-m", "sh", "-c", $"{Hide} exec {command}");

        Assert.Equal(2, filtered.ExitCode);
        Assert.Contains("--filter is 'udp': libpcap is missing; install it (Debian's package libpcap0.8), or leave the filter empty.", filtered.Error, StringComparison.Ordinal);
        Assert.True(whole.ExitCode == 0, whole.All);
    }

    [Fact]
    public async Task An_interface_that_goes_away_ends_it_with_what_was_recorded()
    {
        var file = _folder.File("gone.pcap");
        await using var recording = await RunningRecording.StartAsync(_cable, "--output", file);
        await _cable.SendAsync(100, 200, Port);

        await _cable.UnplugAsync();
        var result = await recording.EndAsync();

        Assert.Equal((1, "failed"), (result.ExitCode, result.End));
        Assert.StartsWith($"{Cable.Device}: ", result.Error, StringComparison.Ordinal);
        Assert.Equal(100, (await ReadAsync(file, $"udp.dstport == {Port} && !icmp", "frame.len")).Count);
    }

    // tshark complains where a file is damaged, and ends with an error.
    private static async Task<IReadOnlyList<string>> ReadAsync(string file, string filter, string field)
    {
        var read = await Tool.RunAsync(Deadline, "tshark", "-n", "-r", file, "-Y", filter, "-T", "fields", "-e", field);
        Assert.True(read.ExitCode == 0, read.Error);
        return read.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
