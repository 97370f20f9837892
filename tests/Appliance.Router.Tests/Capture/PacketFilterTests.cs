using System.ComponentModel.DataAnnotations;
using Appliance.Router.Capture;
using Appliance.Router.Tests.Decoding;
using Appliance.Tests.Shared;

namespace Appliance.Router.Tests.Capture;

public sealed class PacketFilterTests : IDisposable
{
    private static readonly byte[] Question = Frames.IPv4Frame("10.0.0.1", "10.0.0.2", 17, Frames.Udp(40_000, 53, [1, 2, 3]));
    private static readonly byte[] Answer = Frames.IPv4Frame("10.0.0.2", "10.0.0.1", 17, Frames.Udp(53, 40_000, [4]));
    private static readonly byte[] Other = Frames.IPv4Frame("10.0.0.3", "10.0.0.2", 6, new byte[20]);

    private readonly TempFolder _folder = new();

    public PacketFilterTests() => Libpcap.SkipIfMissing();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("udp", true, true, false)]
    [InlineData("udp dst port 53", true, false, false)]
    [InlineData("host 10.0.0.2 and not udp", false, false, true)]
    [InlineData("src net 10.0.0.2/31", false, true, true)]
    [InlineData("udp[8:2] = 0x0102", true, false, false)]
    [InlineData("ip6", false, false, false)]
    public void Frames_of_a_file_are_those_that_the_expression_lets_through(string expression, bool question, bool answer, bool other)
    {
        using var source = FilteredSource.OpenFile(Write(CaptureBytes.Classic(Question, Answer, Other)), expression);

        var frames = ReadFrame.All(source);

        (byte[] Bytes, bool IsWanted)[] all = [(Question, question), (Answer, answer), (Other, other)];
        Assert.Equal(all.Where(frame => frame.IsWanted).Select(frame => frame.Bytes), frames.Select(frame => frame.Bytes));
        Assert.Null(source.Fault);
    }

    [Fact]
    public void Length_is_that_on_the_wire_and_not_that_captured()
    {
        using var source = FilteredSource.OpenFile(
            Write([.. CaptureBytes.ClassicHeader(), .. CaptureBytes.Record(Question), .. CaptureBytes.Record(Answer, original: 1400)]), "greater 1000");

        Assert.Equal(1400, Assert.Single(ReadFrame.All(source)).OriginalLength);
    }

    [Fact]
    public void Each_kind_of_link_in_a_file_has_offsets_of_its_own()
    {
        byte[] file =
        [
            .. CaptureBytes.Section(), .. CaptureBytes.Interface(link: 1), .. CaptureBytes.Interface(link: 101),
            .. CaptureBytes.Enhanced(Question, number: 0), .. CaptureBytes.Enhanced(Answer[14..], number: 1), .. CaptureBytes.Enhanced(Other[14..], number: 1),
        ];
        using var source = FilteredSource.OpenFile(Write(file), "udp");

        Assert.Equal([Question, Answer[14..]], ReadFrame.All(source).Select(frame => frame.Bytes));
    }

    [Fact]
    public void Tags_in_a_file_are_seen()
    {
        byte[] tagged = [.. Question[..12], 0x81, 0, 0, 7, .. Question[12..]];
        using var source = FilteredSource.OpenFile(Write(CaptureBytes.Classic(Question, tagged)), "vlan 7 and udp");

        Assert.Equal(tagged, Assert.Single(ReadFrame.All(source)).Bytes);
    }

    [Fact]
    public void A_filter_that_does_not_fit_the_link_is_a_fault_that_names_it()
    {
        using var source = FilteredSource.OpenFile(Write([.. CaptureBytes.ClassicHeader(link: 101), .. CaptureBytes.Record(Question[14..])]), "ether host 02:00:00:00:00:01");

        Assert.Empty(ReadFrame.All(source));
        Assert.Equal(CaptureFaultKind.FilterRefused, source.Fault?.Kind);
        Assert.Contains("'ether host 02:00:00:00:00:01'", source.Fault?.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_filter_nothing_stands_before_the_file()
    {
        using var source = FilteredSource.OpenFile(Write(CaptureBytes.Classic(Question)), "");

        Assert.IsType<CaptureFile>(source);
    }

    [Theory]
    [InlineData("udp or", "syntax error")]
    [InlineData("host", "syntax error")]
    [InlineData("port 70000", "70000")]
    public void What_is_wrong_with_an_expression_is_told_in_libpcaps_words(string expression, string words)
    {
        var faults = new List<ValidationResult>();
        var options = new CaptureOptions { Filter = expression };

        var isValid = Validator.TryValidateObject(options, new ValidationContext(options), faults, validateAllProperties: true);

        Assert.False(isValid);
        var text = Assert.Single(faults).ErrorMessage;
        Assert.StartsWith("libpcap does not take it: ", text, StringComparison.Ordinal);
        Assert.Contains(words, text, StringComparison.Ordinal);
        Assert.EndsWith("the language is described in pcap-filter(7)", text, StringComparison.Ordinal);
    }

    private string Write(byte[] capture)
    {
        var path = _folder.File("some.pcap");
        File.WriteAllBytes(path, capture);
        return path;
    }
}
