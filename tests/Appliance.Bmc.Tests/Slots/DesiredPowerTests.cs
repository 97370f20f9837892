using Appliance.Bmc.Board;
using Appliance.Bmc.Slots;
using Appliance.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;

namespace Appliance.Bmc.Tests.Slots;

public sealed class DesiredPowerTests : IDisposable
{
    private static readonly SlotNumber Slot1 = SlotNumber.All[0];
    private static readonly SlotNumber Slot4 = SlotNumber.All[3];

    private readonly TempFolder _folder = new();

    [Fact]
    public void What_was_ordered_is_known_after_a_restart()
    {
        var before = Open();
        before.Set(Slot1, true);
        before.Set(Slot4, false);

        var after = Open();

        Assert.Equal((true, null, null, false), (after.Of(Slot1), after.Of(SlotNumber.All[1]), after.Of(SlotNumber.All[2]), after.Of(Slot4)));
    }

    [Fact]
    public void What_the_board_says_is_taken_over_only_where_nothing_was_ordered()
    {
        var desired = Open();
        desired.Set(Slot1, false);

        desired.Adopt(Slot1, true);
        desired.Adopt(Slot4, true);

        Assert.Equal((false, true), (desired.Of(Slot1), desired.Of(Slot4)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[true]")]
    [InlineData("{\"a\":")]
    [InlineData("[1,2,3,4]")]
    public void Damaged_file_counts_as_none(string text)
    {
        File.WriteAllText(_folder.File(DesiredPower.FileName), text);

        Assert.Null(Open().Of(Slot1));
    }

    [Fact]
    public void Disk_that_refuses_keeps_no_order_from_being_carried_out()
    {
        var desired = new DesiredPower(_folder.File("missing"), NullLogger<DesiredPower>.Instance);

        desired.Set(Slot1, true);

        Assert.True(desired.Of(Slot1));
    }

    public void Dispose() => _folder.Dispose();

    private DesiredPower Open() => new(_folder.Path, NullLogger<DesiredPower>.Instance);
}
