using System.Text;
using Appliance.Router.Network;
using Appliance.Router.Tests.Decoding;
using Appliance.Tests.Shared;
using CsCheck;

namespace Appliance.Router.Tests.Network;

public sealed class BlocklistTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Hosts_file_and_plain_names_are_one_list()
    {
        var hosts = Write("hosts", "# of today\n127.0.0.1 localhost localhost.localdomain\n::1 ip6-localhost\n0.0.0.0 Ads.Example.com tracker.example # both\r\n\t0.0.0.0\tone.example.net\r\n");
        var plain = Write("plain", "tracker.example\n\nlast_one.example.org");

        var list = Blocklist.Read([hosts, plain], [], "home.arpa");

        Assert.Equal(["ads.example.com", "last_one.example.org", "localhost.localdomain", "one.example.net", "tracker.example"], list.Names);
        Assert.Equal("server=/ads.example.com/\nserver=/last_one.example.org/\nserver=/localhost.localdomain/\nserver=/one.example.net/\nserver=/tracker.example/\n", list.Render());
        Assert.Equal(0, list.RefusedCount);
        Assert.Empty(list.Faults);
    }

    [Fact]
    public void Names_of_feeds_are_in_it_but_for_ones_own_network()
    {
        var list = Blocklist.Read([Write("list", "b.example\n")], ["a.example", "home.arpa"], "home.arpa");

        Assert.Equal(["a.example", "b.example"], list.Names);
    }

    [Theory]
    [InlineData("com")]
    [InlineData("example.com/192.0.2.1")]
    [InlineData("example.com/\nx")]
    [InlineData("#a\nexample..com")]
    [InlineData(".example.com")]
    [InlineData("example.com.")]
    [InlineData("-a.example.com")]
    [InlineData("||example.com^")]
    [InlineData("two names.example")]
    [InlineData("0.0.0.0 a/b.example")]
    [InlineData("bücher.example")]
    [InlineData("999.0.0.1 a.example")]
    public void Line_that_is_none_of_a_list_is_counted(string text)
    {
        var list = Blocklist.Read([Write("list", text)], [], "home.arpa");

        Assert.Empty(list.Names);
        Assert.InRange(list.RefusedCount, 1, 2);
    }

    [Fact]
    public void Own_network_is_never_blocked()
    {
        var list = Blocklist.Read([Write("list", "home.arpa\nx.home.arpa\nme.home.arpa\n")], [], "me.home.arpa");

        Assert.Equal(["x.home.arpa"], list.Names);
        Assert.Equal(2, list.RefusedCount);
    }

    [Fact]
    public void File_that_is_not_there_is_told_and_the_others_are_taken()
    {
        var list = Blocklist.Read([_folder.File("none"), Write("list", "a.example\n")], [], "home.arpa");

        Assert.Equal(["a.example"], list.Names);
        Assert.StartsWith($"{_folder.File("none")} can't be read: ", Assert.Single(list.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_beyond_the_bound_are_left_out_and_told()
    {
        var text = new StringBuilder();
        for (var i = 0; i <= Blocklist.MaxNames; i++)
        {
            text.Append(i).Append(".example\n");
        }

        var list = Blocklist.Read([Write("list", text.ToString())], [], "home.arpa");

        Assert.Equal(Blocklist.MaxNames, list.Names.Count);
        Assert.Contains("500000 names in all", Assert.Single(list.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Million_mutated_lists_give_names_that_end_no_line_of_the_settings()
    {
        string[] lines = ["0.0.0.0 ads.example.com tracker.example # both\r\n", "::1 ip6-localhost\n", "a.example.org\n\n# remark\n", "127.0.0.1\tlocalhost x.y.z\n"];
        byte[][] seeds = [.. lines.Append(string.Concat(lines)).Select(Encoding.ASCII.GetBytes)];
        var (read, harmless) = (0L, 0L);

        Mutation.For(seeds.Length).Sample(
            mutation =>
            {
                var reader = new BlocklistReader(mutation.Apply(seeds[mutation.Seed]));
                while (reader.TryNext(out var name))
                {
                    read++;
                    harmless += NetworkNames.IsListed(name) && name.IndexOfAny("/\n\r #"u8) < 0 ? 1 : 0;
                }
            },
            iter: 1_000_000,
            threads: 1);

        Assert.InRange(read, 100_000, long.MaxValue);
        Assert.Equal(read, harmless);
    }

    private string Write(string name, string text)
    {
        File.WriteAllText(_folder.File(name), text);
        return _folder.File(name);
    }
}
