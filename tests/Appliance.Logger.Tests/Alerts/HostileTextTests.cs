using Appliance.Logger.Alerts;

namespace Appliance.Logger.Tests.Alerts;

public sealed class HostileTextTests
{
    [Theory]
    [InlineData("router-küche", "router-küche")]
    [InlineData("a\r\nb", "a\uFFFD\uFFFDb")]
    [InlineData("\u001b[2Jgone", "\uFFFD[2Jgone")]
    [InlineData("a\u2028b\u2029c\u0085d", "a\uFFFDb\uFFFDc\uFFFDd")]
    [InlineData("user\u202Egpj.exe", "user\uFFFDgpj.exe")]
    [InlineData("\u2066x\u2069", "\uFFFDx\uFFFD")]
    public void What_must_not_be_shown_is_replaced(string text, string expected) => Assert.Equal(expected, HostileText.Clean(text, 100));

    // Not in the table above: attribute values are UTF-8 and cannot hold half a character.
    [Fact]
    public void Half_a_character_is_replaced() => Assert.Equal("lone \uFFFD half", HostileText.Clean("lone \uD800 half", 100));

    [Fact]
    public void Long_text_is_cut_between_characters() => Assert.Equal("abc", HostileText.Clean("abc\U0001F600def", 4));

    [Fact]
    public void Cleaning_twice_changes_nothing_more()
    {
        string once = HostileText.Clean("\u0000\u0007\u001b]0;x\u009b" + new string('x', 65536), 256);

        Assert.Equal(once, HostileText.Clean(once, 256));
        Assert.Equal(256, once.Length);
    }
}
