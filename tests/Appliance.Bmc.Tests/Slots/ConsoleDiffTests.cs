using System.Text;
using Appliance.Bmc.Slots;

namespace Appliance.Bmc.Tests.Slots;

public sealed class ConsoleDiffTests
{
    [Fact]
    public void Text_that_is_there_already_is_not_told_again()
    {
        var diff = new ConsoleDiff();

        var outputs = new[] { "boot", "boot", "boot\r\nlogin: ", "boot\r\nlogin: " }.Select(read => diff.Take(read, consumes: false));

        Assert.Equal([new("boot", false), new("", false), new("\r\nlogin: ", false), new("", false)], outputs);
    }

    [Fact]
    public void Reading_that_empties_the_buffer_is_new_whatever_it_holds()
    {
        var diff = new ConsoleDiff();

        var outputs = new[] { "a", "a", "" }.Select(read => diff.Take(read, consumes: true));

        Assert.Equal([new("a", false), new("a", false), new("", false)], outputs);
    }

    [Fact]
    public void Full_buffer_that_is_emptied_may_have_run_over()
    {
        var output = new ConsoleDiff().Take(new string('x', ConsoleDiff.Held), consumes: true);

        Assert.True(output.HasGap);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_byte_is_told_once_however_the_ring_wraps(int seed)
    {
        var chance = new Random(seed);
        var ring = new Ring();
        var diff = new ConsoleDiff();
        var (written, told) = (new StringBuilder(), new StringBuilder());

        for (var reading = 0; reading < 200; reading++)
        {
            var text = Noise(chance, chance.Next(0, 3000));
            written.Append(text);
            ring.Write(Encoding.UTF8.GetBytes(text));
            var output = diff.Take(ring.Read(), consumes: false);
            Assert.False(output.HasGap);
            told.Append(output.Text);
        }

        Assert.Equal(written.ToString(), told.ToString());
    }

    [Fact]
    public void Character_that_the_ring_cuts_in_two_is_told_once_and_whole()
    {
        var ring = new Ring();
        var diff = new ConsoleDiff();
        var told = new StringBuilder();
        var text = string.Concat(Enumerable.Range(0, 4000).Select(number => $"{number}\u00e4\u20ac\U0001F600"));
        var bytes = Encoding.UTF8.GetBytes(text);

        // 997 is no multiple of any character's length, so most readings end and begin within one.
        foreach (var part in bytes.Chunk(997))
        {
            ring.Write(part);
            told.Append(diff.Take(ring.Read(), consumes: false).Text);
        }

        Assert.Equal(text, told.ToString());
    }

    [Fact]
    public void Output_that_ran_over_the_ring_leaves_a_gap_that_is_told()
    {
        var ring = new Ring();
        var diff = new ConsoleDiff();
        ring.Write("before"u8);
        diff.Take(ring.Read(), consumes: false);

        ring.Write(Encoding.ASCII.GetBytes(Noise(new Random(5), 20_000)));
        var output = diff.Take(ring.Read(), consumes: false);

        Assert.True(output.HasGap);
        Assert.Equal(ConsoleDiff.Held, Encoding.UTF8.GetByteCount(output.Text));
    }

    [Fact]
    public void Buffer_that_a_restart_of_the_daemon_emptied_begins_anew_with_a_gap()
    {
        var diff = new ConsoleDiff();
        diff.Take("something long enough to tell apart\r\n", consumes: false);

        var empty = diff.Take("", consumes: false);
        var anew = diff.Take("U-Boot", consumes: false);
        var more = diff.Take("U-Boot SPL", consumes: false);

        Assert.Equal([new("", false), new("U-Boot", true), new(" SPL", false)], new[] { empty, anew, more });
    }

    // Letters without the space, so that no text of this length comes twice.
    private static string Noise(Random chance, int length) => string.Concat(Enumerable.Range(0, length).Select(_ => (char)chance.Next('!', '~')));

    /// <summary>The last 16 KiB, read as the board reads them.</summary>
    private sealed class Ring
    {
        private byte[] _held = [];

        public void Write(ReadOnlySpan<byte> bytes) => _held = [.. ((byte[])[.. _held, .. bytes]).TakeLast(ConsoleDiff.Held)];

        public string Read() => Encoding.UTF8.GetString(_held);
    }
}
