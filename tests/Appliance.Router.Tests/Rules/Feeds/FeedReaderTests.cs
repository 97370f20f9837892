using System.Text;
using Appliance.Router.Rules.Feeds;

namespace Appliance.Router.Tests.Rules.Feeds;

public sealed class FeedReaderTests
{
    [Theory]
    [InlineData("198.51.100.7", "198.51.100.7/32")]
    [InlineData("  198.51.100.7\t\r", "198.51.100.7/32")]
    [InlineData("198.51.100.0/24", "198.51.100.0/24")]
    [InlineData("198.51.100.9/24", "198.51.100.0/24")]
    [InlineData("198.51.100.7 # seen today", "198.51.100.7/32")]
    [InlineData("198.51.100.7;seen today", "198.51.100.7/32")]
    [InlineData("11.0.0.0/8", "11.0.0.0/8")]
    [InlineData("2001:db8::5", "2001:db8::5/128")]
    [InlineData("2001:DB8:0:0::/48", "2001:db8::/48")]
    [InlineData("2A00::/19", "2a00::/19")]
    public void Plain_line_is_an_entry(string line, string entry)
    {
        var reading = FeedText.Read(FeedFormat.Plain, line);

        Assert.Equal([entry], FeedText.Words(reading.Addresses));
        Assert.Equal((1, 0), (reading.Lines, reading.RejectedLines));
    }

    [Theory]
    [InlineData("198.51.100")]
    [InlineData("198.51.100.256")]
    [InlineData("198.51.100.07")]
    [InlineData("198.51.100.7.1")]
    [InlineData("0xc6336407")]
    [InlineData("198.51.100.7/33")]
    [InlineData("198.51.100.7/")]
    [InlineData("198.51.100.7/024")]
    [InlineData("198.51.100.7/-1")]
    [InlineData("198.51.100.0 198.51.100.255 24")]
    [InlineData("198.51.100.7-198.51.100.9")]
    [InlineData("2001:db8::5%eth0")]
    [InlineData("[2001:db8::5]")]
    [InlineData("2001:db8::5::")]
    [InlineData("2001:db8::/129")]
    [InlineData("::ffff:198.51.100.7")]
    [InlineData("evil.example")]
    [InlineData("02:00:5e:00:53:01")]
    public void Line_of_another_form_is_rejected(string line)
    {
        var reading = FeedText.Read(FeedFormat.Plain, line);

        Assert.Equal((0, 1, 1), (reading.Count, reading.Lines, reading.RejectedLines));
    }

    [Theory]
    [InlineData("0.0.0.0/0")]
    [InlineData("12.0.0.0/7")]
    [InlineData("::/0")]
    [InlineData("2000::/3")]
    [InlineData("2a00::/18")]
    [InlineData("10.1.2.3")]
    [InlineData("100.64.0.1")]
    [InlineData("127.0.0.1")]
    [InlineData("169.254.1.1")]
    [InlineData("172.31.0.0/16")]
    [InlineData("192.0.0.0/8")]
    [InlineData("192.168.1.0/24")]
    [InlineData("224.0.0.251")]
    [InlineData("255.255.255.255")]
    [InlineData("::1")]
    [InlineData("fd00::/64")]
    [InlineData("fe80::1")]
    [InlineData("ff02::1")]
    public void Network_that_no_feed_may_hold_is_rejected(string line)
    {
        var reading = FeedText.Read(FeedFormat.Plain, line);

        Assert.Equal((0, 0, 1), (reading.Count, reading.EntriesRead, reading.RejectedLines));
    }

    [Fact]
    public void Comments_and_blank_lines_say_nothing()
    {
        var reading = FeedText.Read(FeedFormat.Plain, "\uFEFF# list of today\n\n ; and more\r\n198.51.100.7\n\t\n198.51.100.8");

        Assert.Equal(["198.51.100.7/32", "198.51.100.8/32"], FeedText.Words(reading.Addresses));
        Assert.Equal((2, 0), (reading.Lines, reading.RejectedLines));
    }

    [Fact]
    public void Spamhaus_drop_is_read_as_text_and_as_JSON_lines()
    {
        const string Text = "; Spamhaus DROP List 2026/11/30\n203.0.113.0/24 ; SBL256894\n198.51.100.0/22 ; SBL1\n";
        const string Json = """
            {"cidr":"203.0.113.0/24","sblid":"SBL256894","rir":"apnic"}
            { "sblid" : "SBL\"1", "cidr" : "198.51.100.0/22" , "rir":null}
            {"type":"metadata","timestamp":1764500000,"size":81,"records":2,"copyright":"(c) 2026 The Spamhaus Project SLU","terms":"https:\/\/www.spamhaus.org\/drop\/terms\/"}
            """;

        var text = FeedText.Read(FeedFormat.SpamhausDrop, Text);
        var json = FeedText.Read(FeedFormat.SpamhausDrop, Json);

        Assert.Equal(["198.51.100.0/22", "203.0.113.0/24"], FeedText.Words(text.Addresses));
        Assert.Equal(FeedText.Words(text.Addresses), FeedText.Words(json.Addresses));
        Assert.Equal((2, 0, 2, 0), (text.Lines, text.RejectedLines, json.Lines, json.RejectedLines));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"cidr\":\"203.0.113.0/24\"")]
    [InlineData("{\"cidr\":\"203.0.113.0/24}")]
    [InlineData("{\"cidr\":{\"cidr\":\"203.0.113.0/24\"}}")]
    [InlineData("{\"cidr\":[\"203.0.113.0/24\"]}")]
    [InlineData("{\"cidr\":7}")]
    [InlineData("{\"cidr\":\"everything\"}")]
    [InlineData("{\"cidr\":\"203.0.113.0/24\"} x")]
    [InlineData("{\"cidr\"}")]
    [InlineData("{,}")]
    [InlineData("{\"\\")]
    public void Broken_JSON_line_is_rejected(string line)
    {
        var reading = FeedText.Read(FeedFormat.SpamhausDrop, line);

        Assert.Equal((0, 1), (reading.Count, reading.RejectedLines));
    }

    [Fact]
    public void Hosts_lines_that_lead_nowhere_carry_names_and_others_their_address()
    {
        const string Text = """
            # unwanted names
            127.0.0.1 localhost localhost.localdomain
            ::1 localhost
            0.0.0.0 0.0.0.0
            0.0.0.0 Ads.Example tracker.example. # two of them
            127.0.0.1	malware.example
            :: six.example
            203.0.113.9 command.example
            0.0.0.0 ads.example
            """;

        var reading = FeedText.Read(FeedFormat.Hosts, Text);

        Assert.Equal(["ads.example", "localhost.localdomain", "malware.example", "six.example", "tracker.example"], reading.Names);
        Assert.Equal(["203.0.113.9/32"], FeedText.Words(reading.Addresses));
        Assert.Equal((8, 0, 6), (reading.Lines, reading.RejectedLines, reading.NamesRead));
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("ads.example")]
    [InlineData("0.0.0.0 ads..example")]
    [InlineData("0.0.0.0 .example")]
    [InlineData("0.0.0.0 ads.exa/mple")]
    [InlineData("0.0.0.0 ads.\u00e9xample")]
    [InlineData("0.0.0.0 ads.example.7")]
    [InlineData("0.0.0.0/8 ads.example")]
    [InlineData("192.168.1.1 router.example")]
    public void Broken_hosts_line_is_rejected(string line)
    {
        var reading = FeedText.Read(FeedFormat.Hosts, line);

        Assert.Equal((0, 1), (reading.Count, reading.RejectedLines));
    }

    [Fact]
    public void Line_that_is_too_long_is_rejected_and_the_next_one_read()
    {
        var text = $"198.51.100.7\n{new string('1', 3 * FeedReader.MaxLineBytes)}\n198.51.100.8 {new string(' ', FeedReader.MaxLineBytes)}\n198.51.100.9\n";

        var reading = FeedText.Read(FeedFormat.Plain, text);

        Assert.Equal(["198.51.100.7/32", "198.51.100.9/32"], FeedText.Words(reading.Addresses));
        Assert.Equal((4, 2), (reading.Lines, reading.RejectedLines));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(64)]
    public void Reading_is_the_same_however_the_bytes_arrive(int chunk)
    {
        var bytes = Encoding.UTF8.GetBytes("\uFEFF198.51.100.7\r\n# no\n" + new string('x', 5000) + "\n2001:db8::/32\n198.51.100.0/24");
        var whole = FeedText.Read(FeedFormat.Plain, bytes);
        var reader = new FeedReader(FeedFormat.Plain, new FeedOptions());

        foreach (var part in bytes.Chunk(chunk))
        {
            reader.Take(part);
        }

        var reading = reader.End(isCut: false);
        Assert.Equal(["198.51.100.0/24", "2001:db8::/32"], FeedText.Words(reading.Addresses));
        Assert.Equal(FeedText.Words(whole.Addresses), FeedText.Words(reading.Addresses));
        Assert.Equal((whole.Lines, whole.RejectedLines), (reading.Lines, reading.RejectedLines));
    }

    [Fact]
    public async Task Reading_stops_behind_the_bytes_that_a_feed_may_have()
    {
        var limits = new FeedOptions { MaxBytes = 1024 };
        using var endless = new MemoryStream(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("198.51.100.7\n", 100_000))));

        var reading = await FeedReader.ReadAsync(endless, FeedFormat.Plain, limits, CancellationToken.None);

        Assert.True(reading.IsCut);
        Assert.True(endless.Position < 100_000, $"{endless.Position} bytes were read.");
    }

    [Fact]
    public void Feed_that_is_too_long_is_counted_to_its_end_and_kept_in_no_part()
    {
        var limits = new FeedOptions { MaxEntries = 3, MaxNames = 1 };

        var addresses = FeedText.Read(FeedFormat.Plain, "198.51.100.1\n198.51.100.2\n198.51.100.3\n198.51.100.4\n198.51.100.5\n", limits);
        var names = FeedText.Read(FeedFormat.Hosts, "0.0.0.0 a.example b.example\n", limits);

        Assert.Equal((0, 5), (addresses.Count, addresses.EntriesRead));
        Assert.Equal((0, 2), (names.Count, names.NamesRead));
        Assert.Contains("has 5 addresses and networks", FeedVerdict.FaultOf(addresses, 0, limits));
        Assert.Contains("MaxEntries lets a feed have 3", FeedVerdict.FaultOf(addresses, 0, limits));
        Assert.Contains("has 2 names", FeedVerdict.FaultOf(names, 0, limits));
    }

    [Theory]
    [InlineData("<!DOCTYPE html>\n<p>198.51.100.7</p>\n", 0, "web page")]
    [InlineData("\n  <html>", 0, "web page")]
    [InlineData("", 0, "holds nothing")]
    [InlineData("# nothing today\n", 0, "holds nothing")]
    [InlineData("198.51.100.7\nx\ny\n", 0, "2 of its 3 lines")]
    [InlineData("198.51.100.7\n", 100, "shrank from 100 entries to 1")]
    [InlineData("198.51.100.7\nx\n", 0, null)]
    [InlineData("198.51.100.7\n", 10, null)]
    [InlineData("198.51.100.7\n", 99, null)]
    public void Bad_content_is_told_from_good(string text, int before, string? fault)
    {
        var limits = new FeedOptions();

        var told = FeedVerdict.FaultOf(FeedText.Read(FeedFormat.Plain, text), before, limits);

        Assert.Equal(fault is null, told is null);
        Assert.Contains(fault ?? "", told ?? "");
    }
}
