using System.ComponentModel.DataAnnotations;
using Appliance.Bmc.Board;
using Appliance.Bmc.Slots;
using Microsoft.Extensions.Options;

namespace Appliance.Bmc.Tests.Slots;

public sealed class SlotPlanTests
{
    [Fact]
    public void Router_comes_before_logger_and_detector_where_nothing_else_is_said()
    {
        var plan = Plan(new SlotOptions { Slot1 = Node("detector"), Slot2 = Node("logger", "bmc"), Slot4 = Node("router") });

        Assert.Equal([4, 2, 1], Numbers(plan.BringUp([])));
        Assert.Equal([1, 2, 4], Numbers(plan.ShutDown(Slots(4))));
    }

    [Fact]
    public void Wanted_slot_brings_along_what_it_needs_and_takes_down_what_needs_it()
    {
        var plan = Plan(new SlotOptions { Slot1 = After(3), Slot2 = After(1), Slot4 = After() });

        Assert.Equal([3, 1], Numbers(plan.BringUp(Slots(1))));
        Assert.Equal([2, 1], Numbers(plan.ShutDown(Slots(1))));
        Assert.Equal([4], Numbers(plan.BringUp(Slots(4))));
    }

    [Fact]
    public void Configured_order_is_the_only_one()
    {
        var options = new SlotOptions { Slot1 = Node("router"), Slot2 = Node("logger") };
        options.Slot1.After = [2];

        Assert.Equal([2, 1], Numbers(Plan(options).BringUp([])));
    }

    [Fact]
    public void Slot_of_this_role_is_shut_down_last()
    {
        var plan = Plan(new SlotOptions { HostedOn = 2, Slot1 = Node("router"), Slot2 = Node("logger", "bmc"), Slot3 = Node("detector") });

        Assert.Equal([3, 1, 2], Numbers(plan.ShutDown(Slots(1, 2, 3))));
    }

    [Fact]
    public void Slot_that_a_dependency_alone_names_is_brought_up()
    {
        var plan = Plan(new SlotOptions { Slot2 = After(4) });

        Assert.Equal([4, 2], Numbers(plan.BringUp([])));
    }

    [Theory]
    [InlineData(new[] { 2 }, new[] { 3 }, new[] { 1 }, "Slot1:After leads back to slot 1; none of the slots in such a circle could be first")]
    [InlineData(new[] { 1 }, new int[0], new int[0], "Slot1:After leads back to slot 1; none of the slots in such a circle could be first")]
    public void Order_that_has_no_beginning_is_refused_at_the_start(int[] first, int[] second, int[] third, string fault)
    {
        var options = new SlotOptions { Slot1 = After(first), Slot2 = After(second), Slot3 = After(third) };

        var faults = options.Validate(new ValidationContext(options));

        Assert.Equal(fault, faults.First().ErrorMessage);
    }

    private static SlotPlan Plan(SlotOptions options) => new(Options.Create(options));

    private static SlotLabel Node(params string[] roles) => new() { Node = "192.0.2.1", Roles = roles };

    private static SlotLabel After(params int[] slots) => new() { After = slots };

    private static SlotNumber[] Slots(params int[] numbers) => [.. numbers.Select(number => SlotNumber.All[number - 1])];

    private static IEnumerable<int> Numbers(IEnumerable<SlotNumber> slots) => slots.Select(slot => slot.Number);
}
