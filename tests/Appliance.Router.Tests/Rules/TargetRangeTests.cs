using Appliance.Router.Rules;
using static Appliance.Router.Tests.Rules.Samples;

namespace Appliance.Router.Tests.Rules;

public sealed class TargetRangeTests
{
    [Theory]
    [InlineData("192.168.1.7/24", "192.168.1.0/24")]
    [InlineData("192.168.1.7", "192.168.1.7/32")]
    [InlineData("fe80::1/10", "fe80::/10")]
    [InlineData("fe80::1", "fe80::1/128")]
    [InlineData("::/0", "::/0")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("02:00:5e:00:53:01", "02:00:5e:00:53:01")]
    public void Ranges_are_read_and_written_without_host_bits(string text, string written)
    {
        Assert.Equal(written, Range(text).ToString());
    }

    [Theory]
    [InlineData("192.168.1.0/33")]
    [InlineData("192.168.1.0/")]
    [InlineData("192.168.1.0/-1")]
    [InlineData("fe80::/129")]
    [InlineData("02:00:5e:00:53:01/24")]
    [InlineData("/24")]
    [InlineData("")]
    public void Anything_else_is_no_range(string text)
    {
        Assert.False(TargetRange.TryParse(text, out _));
    }

    [Theory]
    [InlineData("192.168.1.0/24", "192.168.1.255", true)]
    [InlineData("192.168.1.0/24", "192.168.2.0", false)]
    [InlineData("0.0.0.0/0", "203.0.113.1", true)]
    [InlineData("::/0", "203.0.113.1", false)]
    [InlineData("::/0", "2001:db8::1", true)]
    [InlineData("fe80::/10", "febf::1", true)]
    [InlineData("fe80::/10", "fec0::1", false)]
    [InlineData("02:00:5e:00:53:01", "02:00:5e:00:53:01", true)]
    [InlineData("02:00:5e:00:53:01", "02:00:5e:00:53:02", false)]
    public void A_range_contains_what_shares_its_prefix(string range, string target, bool isInside)
    {
        Assert.Equal(isInside, Range(range).Contains(Target(target)));
    }
}
