using Appliance.Router.Capture;
using Appliance.Tests.Shared;

namespace Appliance.Router.Tests.Capture;

public sealed class CaptureFileTests : IDisposable
{
    private static readonly byte[] First = [1, 2, 3, 4, 5];
    private static readonly byte[] Second = [6, 7, 8];
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(CaptureBytes.Microseconds, false, 5_000)]
    [InlineData(CaptureBytes.Microseconds, true, 5_000)]
    [InlineData(CaptureBytes.Nanoseconds, false, 5)]
    [InlineData(CaptureBytes.Nanoseconds, true, 5)]
    public void Classic_files_of_both_byte_orders_and_resolutions_are_read(uint magic, bool bigEndian, long nanoseconds)
    {
        var (frames, fault) = Read(
            CaptureBytes.ClassicHeader(magic, bigEndian, link: 113),
            CaptureBytes.Record(First, seconds: 7, fraction: 5, bigEndian, original: 99),
            CaptureBytes.Record(Second, seconds: 8, fraction: 0, bigEndian));

        Assert.Null(fault);
        Assert.Equal([First, Second], frames.Select(frame => frame.Bytes));
        Assert.Equal(7_000_000_000 + nanoseconds, frames[0].Time);
        Assert.Equal(99, frames[0].OriginalLength);
        Assert.All(frames, frame => Assert.Equal(LinkType.LinuxCooked, frame.Link));
    }

    [Fact]
    public void A_check_sequence_mark_in_the_link_type_is_left_out()
    {
        var (frames, _) = Read(CaptureBytes.ClassicHeader(link: 0x5400_0001), CaptureBytes.Record(First));

        Assert.Equal(LinkType.Ethernet, Assert.Single(frames).Link);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Pcapng_blocks_of_all_three_kinds_are_read(bool bigEndian)
    {
        var (frames, fault) = Read(
            CaptureBytes.Section(bigEndian),
            CaptureBytes.Block(5, new byte[8], bigEndian),
            CaptureBytes.Interface(bigEndian, snapLength: 2),
            CaptureBytes.Enhanced(First, ticks: 1_000_001, bigEndian: bigEndian, original: 1500),
            CaptureBytes.Obsolete(Second, ticks: 1_000_002, bigEndian: bigEndian),
            CaptureBytes.Simple([9, 9], original: 60, bigEndian));

        Assert.Null(fault);
        Assert.Equal([First, Second, [9, 9]], frames.Select(frame => frame.Bytes));
        Assert.Equal([1500, 3, 60], frames.Select(frame => frame.OriginalLength));
        Assert.Equal([1_000_001_000, 1_000_002_000, 1_000_002_000], frames.Select(frame => frame.Time));
    }

    [Fact]
    public void Sections_have_interfaces_and_byte_orders_of_their_own()
    {
        var (frames, fault) = Read(
            CaptureBytes.Section(),
            CaptureBytes.Interface(link: 1),
            CaptureBytes.Interface(link: 101),
            CaptureBytes.Enhanced(First, number: 1),
            CaptureBytes.Enhanced(First, number: 0),
            CaptureBytes.Section(bigEndian: true),
            CaptureBytes.Interface(bigEndian: true, link: 276),
            CaptureBytes.Enhanced(Second, bigEndian: true));

        Assert.Null(fault);
        Assert.Equal([LinkType.Raw, LinkType.Ethernet, LinkType.LinuxCooked2], frames.Select(frame => frame.Link));
    }

    [Theory]
    [InlineData(6, 3_000_000, 3_000_000_000)]
    [InlineData(9, 3_000_000_000, 3_000_000_000)]
    [InlineData(0, 3, 3_000_000_000)]
    [InlineData(12, 3_000_000_000_500, 3_000_000_000)]
    [InlineData(0x80 | 10, 3 * 1024, 3_000_000_000)]
    [InlineData(0, long.MaxValue, long.MaxValue / 2)]
    public void Pcapng_times_are_read_in_the_resolution_that_the_interface_names(byte resolution, long ticks, long expected)
    {
        var (frames, _) = Read(
            CaptureBytes.Section(),
            CaptureBytes.Interface(options: CaptureBytes.Option(9, [resolution])),
            CaptureBytes.Enhanced(First, (ulong)ticks));

        Assert.Equal(expected, Assert.Single(frames).Time);
    }

    [Fact]
    public void Pcapng_times_are_moved_by_the_offset_that_the_interface_names()
    {
        var options = CaptureBytes.Option(2, "eth0"u8.ToArray()).Concat(CaptureBytes.Option(14, CaptureBytes.U64(1_000))).ToArray();

        var (frames, _) = Read(CaptureBytes.Section(), CaptureBytes.Interface(options: options), CaptureBytes.Enhanced(First, ticks: 1));

        Assert.Equal(1_000_000_001_000, Assert.Single(frames).Time);
    }

    [Fact]
    public void Blocks_larger_than_the_window_are_skipped()
    {
        var (frames, fault) = Read(
            CaptureBytes.Section(), CaptureBytes.Interface(), CaptureBytes.Block(0x0bad, new byte[3 * 1024 * 1024]), CaptureBytes.Enhanced(First));

        Assert.Null(fault);
        Assert.Equal(First, Assert.Single(frames).Bytes);
    }

    [Fact]
    public void Many_large_frames_slide_through_the_window_whole()
    {
        var sent = Enumerable.Range(0, 40).Select(i => Enumerable.Repeat((byte)i, 50_000 + i).ToArray()).ToArray();

        var (frames, fault) = Read(CaptureBytes.Classic(sent));

        Assert.Null(fault);
        Assert.Equal(sent, frames.Select(frame => frame.Bytes));
    }

    [Fact]
    public void The_clock_of_a_file_never_goes_back()
    {
        using var source = Open([.. CaptureBytes.ClassicHeader(), .. CaptureBytes.Record(First, seconds: 9), .. CaptureBytes.Record(First, seconds: 4)]);

        var frames = ReadFrame.All(source);

        Assert.Equal(4_000_000_000, frames[1].Time);
        Assert.Equal(9_000_000_000, source.Now);
    }

    [Fact]
    public void A_missing_file_is_a_fault_that_names_it()
    {
        using var source = new CaptureFile(_folder.File("none.pcap"));

        Assert.Equal(ReadOutcome.End, source.Read(out _));
        Assert.Equal(CaptureFaultKind.Missing, source.Fault?.Kind);
        Assert.Contains("none.pcap", source.Fault?.Text);
    }

    [Fact]
    public void A_folder_is_unreadable()
    {
        using var source = new CaptureFile(_folder.Path);

        Assert.Equal(CaptureFaultKind.Unreadable, source.Fault?.Kind);
    }

    [Fact]
    public void An_empty_file_is_a_fault()
    {
        var (frames, fault) = Read([]);

        Assert.Empty(frames);
        Assert.Equal(CaptureFaultKind.Empty, fault?.Kind);
    }

    [Theory]
    [InlineData(new byte[] { 1, 2 }, "0x01020000")]
    [InlineData(new byte[] { 0x7f, 0x45, 0x4c, 0x46, 2 }, "0x7f454c46")]
    [InlineData(new byte[] { 0x1f, 0x8b, 8, 0 }, "gunzip")]
    public void What_is_no_capture_is_a_fault_that_tells_the_bytes_found(byte[] bytes, string told)
    {
        var (frames, fault) = Read(bytes);

        Assert.Empty(frames);
        Assert.Equal(CaptureFaultKind.NotCapture, fault?.Kind);
        Assert.Contains(told, fault?.Text);
    }

    [Fact]
    public void A_cut_record_is_a_fault_with_place_and_both_lengths_after_all_before_it()
    {
        var whole = CaptureBytes.Classic(First, Second);

        var (frames, fault) = Read(whole[..^1]);

        Assert.Equal(First, Assert.Single(frames).Bytes);
        Assert.Equal((CaptureFaultKind.TruncatedRecord, 24 + 16 + 5, 16 + 3, 16 + 2), (fault!.Kind, fault.Offset, fault.Expected, fault.Found));
    }

    [Fact]
    public void Every_cut_of_a_file_gives_what_is_whole_before_it()
    {
        foreach (var whole in new[] { CaptureBytes.Classic(First, Second), Pcapng(First, Second) })
        {
            for (var length = 5; length < whole.Length; length++)
            {
                var (frames, fault) = Read(whole[..length]);

                Assert.True(frames.Count < 2 || fault is not null || length == whole.Length);
                Assert.All(frames, frame => Assert.Contains(frame.Bytes, new[] { First, Second }));
            }
        }
    }

    [Theory]
    [InlineData(262_145u)]
    [InlineData(uint.MaxValue)]
    public void A_record_that_claims_gigabytes_is_a_fault_and_takes_no_memory(uint claimed)
    {
        var (frames, fault) = Read(CaptureBytes.ClassicHeader(), CaptureBytes.Record(First), CaptureBytes.Record(Second, captured: claimed));

        Assert.Single(frames);
        Assert.Equal((CaptureFaultKind.AbsurdLength, 262_144, claimed), (fault!.Kind, fault.Expected, fault.Found));
    }

    [Fact]
    public void An_original_length_of_gigabytes_is_only_a_number()
    {
        var (frames, fault) = Read(CaptureBytes.ClassicHeader(), CaptureBytes.Record(First, original: uint.MaxValue));

        Assert.Null(fault);
        Assert.Equal(uint.MaxValue, Assert.Single(frames).OriginalLength);
    }

    [Fact]
    public void A_block_that_claims_more_than_the_file_has_is_cut_short()
    {
        var (_, fault) = Read(CaptureBytes.Section(), [.. CaptureBytes.U32(0x0bad), .. CaptureBytes.U32(0xffff_fff0), .. new byte[40]]);

        Assert.Equal((CaptureFaultKind.TruncatedRecord, 28, 0xffff_fff0), (fault!.Kind, fault.Offset, fault.Expected));
    }

    [Fact]
    public void A_packet_block_that_claims_gigabytes_is_absurd()
    {
        var (_, fault) = Read(CaptureBytes.Section(), CaptureBytes.Interface(), [.. CaptureBytes.U32(6), .. CaptureBytes.U32(0xffff_fff0), .. new byte[40]]);

        Assert.Equal(CaptureFaultKind.AbsurdLength, fault?.Kind);
    }

    [Fact]
    public void A_frame_longer_than_its_block_is_absurd()
    {
        var (_, fault) = Read(CaptureBytes.Section(), CaptureBytes.Interface(), CaptureBytes.Enhanced(First, captured: 9));

        Assert.Equal((CaptureFaultKind.AbsurdLength, 8, 9), (fault!.Kind, fault.Expected, fault.Found));
    }

    [Theory]
    [InlineData(4u)]
    [InlineData(13u)]
    public void A_block_of_impossible_length_is_malformed(uint length)
    {
        var (_, fault) = Read(CaptureBytes.Section(), [.. CaptureBytes.U32(0x0bad), .. CaptureBytes.U32(length), .. new byte[40]]);

        Assert.Equal((CaptureFaultKind.MalformedBlock, length), (fault!.Kind, fault.Found));
    }

    [Fact]
    public void A_packet_of_an_unknown_interface_is_malformed()
    {
        var (_, fault) = Read(CaptureBytes.Section(), CaptureBytes.Interface(), CaptureBytes.Enhanced(First, number: 7));

        Assert.Equal((CaptureFaultKind.MalformedBlock, 0, 7), (fault!.Kind, fault.Expected, fault.Found));
    }

    [Fact]
    public void A_block_whose_two_lengths_differ_is_malformed()
    {
        var block = CaptureBytes.Enhanced(First);
        block[^4]++;

        var (frames, fault) = Read(CaptureBytes.Section(), CaptureBytes.Interface(), block);

        Assert.Empty(frames);
        Assert.Equal((CaptureFaultKind.MalformedBlock, block.Length, block.Length + 1), (fault!.Kind, (int)fault.Expected, (int)fault.Found));
    }

    private static byte[] Pcapng(params byte[][] frames) =>
        [.. CaptureBytes.Section(), .. CaptureBytes.Interface(), .. frames.SelectMany(frame => CaptureBytes.Enhanced(frame))];

    private CaptureFile Open(byte[] bytes)
    {
        var path = _folder.File("capture");
        File.WriteAllBytes(path, bytes);
        return new CaptureFile(path);
    }

    private (List<ReadFrame> Frames, CaptureFault? Fault) Read(params byte[][] parts)
    {
        using var source = Open([.. parts.SelectMany(part => part)]);
        return (ReadFrame.All(source), source.Fault);
    }
}
