using System.Runtime.Versioning;
using Appliance.Hosting;
using Appliance.Hosting.Configuration;
using Appliance.Router.Rules.Feeds;
using Appliance.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Tests.Rules.Feeds;

[SupportedOSPlatform("linux")]
public sealed class FeedFilesTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FeedFiles _files;

    public FeedFilesTests() => _files = new FeedFiles(
        new NodePaths(Options.Create(new NodeOptions { StateDirectory = _folder.Path }), new RunningRole(Role.Router)), NullLogger<FeedFiles>.Instance);

    private string Kept => Directory.GetFiles(_folder.Path, "*.feed", SearchOption.AllDirectories).Single();

    [Fact]
    public void What_is_written_is_read_back()
    {
        var written = new FeedReading(FeedText.Addresses("198.51.100.7", "203.0.113.0/24", "2001:db8::1", "2001:db8:1::/48"), ["ads.example", "tracker.example"]);

        var digest = _files.Write("f1", written);
        var read = _files.Read("f1");

        Assert.Equal(FeedText.Words(written.Addresses), FeedText.Words(read.Addresses));
        Assert.Equal(written.Names, read.Names);
        Assert.Equal(digest, read.Digest);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Kept));
    }

    [Fact]
    public void Cut_or_changed_file_is_none()
    {
        _files.Write("f1", new FeedReading(FeedText.Addresses("198.51.100.7", "198.51.100.9"), []));
        var whole = File.ReadAllBytes(Kept);

        for (var place = 0; place < whole.Length; place++)
        {
            File.WriteAllBytes(Kept, whole[..place]);
            Assert.Equal(FeedContent.None, _files.Read("f1"));
            File.WriteAllBytes(Kept, [.. whole[..place], (byte)(whole[place] ^ 4), .. whole[(place + 1)..]]);
            Assert.Equal(FeedContent.None, _files.Read("f1"));
        }

        File.WriteAllBytes(Kept, whole);
        Assert.Equal(2, _files.Read("f1").Addresses.Count);
    }

    [Fact]
    public void Files_of_no_feed_go()
    {
        _files.Write("f1", FeedReading.Empty);
        _files.Write("f2", FeedReading.Empty);

        _files.DeleteAllBut(["f2"]);

        Assert.EndsWith("f2.feed", Kept);
        Assert.Equal(FeedContent.None, _files.Read("f1"));
    }

    public void Dispose() => _folder.Dispose();
}
