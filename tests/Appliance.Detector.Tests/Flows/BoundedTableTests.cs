using System.Runtime.CompilerServices;
using Appliance.Detector.Flows;

namespace Appliance.Detector.Tests.Flows;

public sealed class BoundedTableTests
{
    [Fact]
    public void Full_table_forgets_what_was_touched_least_recently()
    {
        var table = new BoundedTable<int, string>(3);
        foreach (var key in (int[])[1, 2, 3, 1, 4])
        {
            table.Touch(key, out _) = $"{key}";
        }

        Assert.Equal([true, false, true, true], ((int[])[1, 2, 3, 4]).Select(key => !Unsafe.IsNullRef(ref table.Find(key))));
        Assert.Equal((3, 1L), (table.Count, table.Evicted));
    }

    [Fact]
    public void Looking_does_not_count_as_touching()
    {
        var table = new BoundedTable<int, string>(2);
        table.Touch(1, out _) = "one";
        table.Touch(2, out _) = "two";
        _ = table.Find(1);
        table.Touch(3, out _) = "three";

        Assert.True(Unsafe.IsNullRef(ref table.Find(1)));
    }

    [Fact]
    public void Removed_entry_makes_room_without_forgetting()
    {
        var table = new BoundedTable<int, string>(2);
        table.Touch(1, out _) = "one";
        table.Touch(2, out _) = "two";

        Assert.True(table.TryRemove(1, out var removed));
        table.Touch(3, out _) = "three";

        Assert.Equal(("one", 2, 0L), (removed, table.Count, table.Evicted));
        Assert.False(table.TryRemove(1, out _));
    }

    [Fact]
    public void Oldest_comes_first()
    {
        var table = new BoundedTable<int, int>(100);
        for (var i = 0; i < 50; i++)
        {
            table.Touch(i, out _) = i;
        }

        var order = new List<int>();
        while (table.TryPeekOldest(out var key, out _))
        {
            table.TryRemove(key, out _);
            order.Add(key);
        }

        Assert.Equal(Enumerable.Range(0, 50), order);
    }

    [Fact]
    public void Agrees_with_a_plain_list_over_random_use()
    {
        var random = new Random(1);
        var table = new BoundedTable<int, int>(17);
        var model = new List<(int Key, int Value)>();
        for (var step = 0; step < 20_000; step++)
        {
            var key = random.Next(40);
            if (random.Next(4) == 0)
            {
                Assert.Equal(model.RemoveAll(entry => entry.Key == key) > 0, table.TryRemove(key, out _));
                continue;
            }

            var known = model.RemoveAll(entry => entry.Key == key) > 0;
            table.Touch(key, out var isNew) = step;
            model.Add((key, step));
            if (model.Count > 17)
            {
                model.RemoveAt(0);
            }

            Assert.Equal(known, !isNew);
        }

        Assert.Equal(model.Count, table.Count);
        Assert.All(model, entry => Assert.Equal(entry.Value, table.Find(entry.Key)));
    }

    [Fact]
    public void Forgotten_object_is_used_again_after_a_reset()
    {
        var resets = 0;
        var table = new BoundedTable<int, object>(1, _ => resets++);
        var first = table.Touch(1, out _) = new object();

        var second = table.Touch(2, out var isNew);

        Assert.True(isNew);
        Assert.Same(first, second);
        Assert.Equal(1, resets);
    }
}
