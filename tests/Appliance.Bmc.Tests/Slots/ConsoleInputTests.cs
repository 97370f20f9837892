using System.Text;
using Appliance.Bmc.Board;
using Appliance.Bmc.Slots;
using Appliance.Hosting.Errors;

namespace Appliance.Bmc.Tests.Slots;

public sealed class ConsoleInputTests
{
    private static readonly SlotNumber Slot1 = SlotNumber.All[0];

    private readonly PretendBoard _board = new();

    [Theory]
    [InlineData("ls", "type 1 ls")]
    [InlineData("ls\n", "type 1 ls")]
    [InlineData("a\r\nb\rc\n", "type 1 a|type 1 b|type 1 c")]
    [InlineData("\n", "type 1 ")]
    [InlineData("\u0003", "type 1 \u0003")]
    public async Task Input_is_typed_line_by_line(string input, string typed)
    {
        await WriteAsync(Encoding.UTF8.GetBytes(input));

        Assert.Equal(typed, string.Join('|', _board.Orders));
    }

    [Fact]
    public async Task Input_that_cannot_be_typed_is_refused_whole()
    {
        byte[][] inputs = [[], new byte[4097], [0xC3, 0x28], [.. Enumerable.Repeat((byte)'\n', 66)]];

        foreach (var input in inputs)
        {
            await Assert.ThrowsAsync<InvalidInputException>(() => WriteAsync(input));
        }

        Assert.Empty(_board.Orders);
    }

    private Task WriteAsync(byte[] input) => new ConsoleInput(_board).WriteAsync(Slot1, input, "input", TestContext.Current.CancellationToken);
}
