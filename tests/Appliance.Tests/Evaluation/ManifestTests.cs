using Appliance.Commands;
using Appliance.Evaluation;
using Appliance.Tests.Shared;

namespace Appliance.Tests.Evaluation;

public sealed class ManifestTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public void Columns_are_found_by_name_and_files_beside_the_manifest()
    {
        Write("note\texpect\tfile\tlabel\n-\tscan,flood\ta.pcap\tattack\n\n-\tbenign\tb.pcap\tquiet\n");

        var entries = Manifest.Read(Path);

        Assert.Equal([_folder.File("a.pcap"), _folder.File("b.pcap")], entries.Select(entry => entry.Path));
        Assert.Equal([true, false], entries.Select(entry => entry.Expectation.IsAttack));
        Assert.Null(entries[0].Window);
    }

    [Theory]
    [InlineData("file\tlabel\n", "line 1 has the columns 'file, label', 'expect' is missing; separate columns by tabs.")]
    [InlineData("file\tlabel\texpect\n", "has a header and no captures; add a line for each capture.")]
    [InlineData("file\tlabel\texpect\na\tx\tscan\nb\tx\n", "line 3 has 2 fields, the header has 3; separate fields by tabs and write '-' where nothing is known.")]
    [InlineData("file\tlabel\texpect\n-\tx\tscan\n", "line 2: file is '-'; name a capture, relative to the manifest's folder.")]
    [InlineData("file\tlabel\texpect\na\tx\tscan,scam\n", "line 2: expect is 'scan,scam'; it takes benign, hard-negative, or by comma: scan, brute-force, flood, beacon, tunnel, exfiltration, spoofing, policy, anomaly, system.")]
    [InlineData("file\tlabel\texpect\na\tx\tscan,benign\n", "line 2: expect is 'scan,benign'; it takes benign, hard-negative, or by comma: scan, brute-force, flood, beacon, tunnel, exfiltration, spoofing, policy, anomaly, system.")]
    [InlineData("file\tlabel\texpect\ttime_window\na\tx\tscan\tnoon\n", "line 2: time_window is 'noon'; it takes 'START..END' or 'START .. END UTC', the end not before the start, or '-'.")]
    public void Fault_names_its_line_and_the_way_out(string text, string expected)
    {
        Write(text);

        var fault = Assert.Throws<CommandFailedException>(() => Manifest.Read(Path));

        Assert.StartsWith(Path, fault.Message, StringComparison.Ordinal);
        Assert.EndsWith(expected, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Manifest_that_is_not_there_is_named()
        => Assert.Contains(Path, Assert.Throws<CommandFailedException>(() => Manifest.Read(Path)).Message, StringComparison.Ordinal);

    public void Dispose() => _folder.Dispose();

    private string Path => _folder.File("MANIFEST.tsv");

    private void Write(string text) => File.WriteAllText(Path, text);
}
