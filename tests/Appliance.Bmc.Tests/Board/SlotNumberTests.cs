using Appliance.Bmc.Board;
using Appliance.Hosting.Errors;

namespace Appliance.Bmc.Tests.Board;

public sealed class SlotNumberTests
{
    [Theory]
    [InlineData(1u, 0, "node1")]
    [InlineData(4u, 3, "node4")]
    public void Slot_counts_from_one_for_people_and_from_zero_on_the_wire(uint number, int index, string key)
    {
        var slot = SlotNumber.From(number, "slot_number");

        Assert.Equal(((int)number, index, key), (slot.Number, slot.Index, slot.PowerKey));
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(5u)]
    [InlineData(uint.MaxValue)]
    public void Slot_that_is_not_there_is_named_with_those_that_are(uint number)
    {
        var error = Assert.Throws<InvalidInputException>(() => SlotNumber.From(number, "slot_number"));

        Assert.Equal($"slot_number: slot {number} does not exist; the board has slots 1 to 4.", error.Message);
    }
}
