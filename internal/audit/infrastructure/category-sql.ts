import type { SqlCheck } from './check.ts'

export const categoryChecks: readonly SqlCheck[] = [
  {
    // A path goes on from the parent's, so no category is above itself.
    names: ['category-tree'],
    needs: ['inventory'],
    checked: `select count(*) from inventory.categories where deleted_at is null`,
    offenders: `
      select 'category-tree', 'category ' || c.id || case
        when c.parent_id is not null and p.id is null then ' is below a category that is not there'
        else ' has the path ' || c.path || ', and not ' || coalesce(p.path || '/', '') || c.name end
      from inventory.categories c
      left join inventory.categories p on p.id = c.parent_id and p.deleted_at is null
      where c.deleted_at is null
        and ((c.parent_id is not null and p.id is null) or c.path <> coalesce(p.path || '/', '') || c.name)`,
  },
  {
    names: ['products-in-categories'],
    needs: ['inventory'],
    checked: `select count(*) from inventory.products where deleted_at is null`,
    offenders: `
      select 'products-in-categories', 'product ' || p.id || case
        when c.id is null then ' is in a category that is not there'
        else ' shows the category ' || p.category || ', and is in ' || c.path end
      from inventory.products p
      left join inventory.categories c on c.id = p.category_id and c.deleted_at is null
      where p.deleted_at is null and c.path is distinct from p.category`,
  },
  {
    // The nearest category that has an attribute says of what type it is.
    names: ['attributes-of-products'],
    needs: ['inventory'],
    checked: `select count(*) from inventory.products where deleted_at is null and attributes <> '{}'`,
    offenders: `
      select 'attributes-of-products', 'product ' || p.id || ' has the attribute ' || a.name || ' as a '
        || jsonb_typeof(a.value) || ', and its category ' || coalesce('as a ' || s.type, 'has none')
      from inventory.products p
      join inventory.categories c on c.id = p.category_id
      cross join jsonb_each(p.attributes) as a(name, value)
      left join lateral (
        select d ->> 'type' as type
        from inventory.categories above cross join jsonb_array_elements(above.attributes) as d
        where above.deleted_at is null and d ->> 'name' = a.name
          and (above.path_key = c.path_key or starts_with(c.path_key, above.path_key || '/'))
        order by length(above.path_key) desc limit 1
      ) s on true
      where p.deleted_at is null and s.type is distinct from jsonb_typeof(a.value)`,
  },
  {
    names: ['products-in-families'],
    needs: ['inventory'],
    checked: `select count(*) from inventory.products where deleted_at is null and family_id is not null`,
    offenders: `
      select 'products-in-families', 'product ' || p.id || case
        when f.id is null then ' is in a family that is not there'
        else ' has other options than its family' end
      from inventory.products p
      left join inventory.families f on f.id = p.family_id and f.deleted_at is null
      where p.deleted_at is null and p.family_id is not null and (f.id is null or p.options_key is null
        or (select array_agg(name order by name) from jsonb_object_keys(p.options) as names(name))
          is distinct from (select array_agg(name order by name) from unnest(f.options) as names(name)))`,
  },
]
