;; Counts the primes from $from to $to, $to left out. Built by: npx -p wabt wat2wasm kernel.wat
(module
	(func (export "count") (param $from i32) (param $to i32) (result i32)
		(local $divisor i32)
		(local $found i32)
		(block $done
			(loop $numbers
				(br_if $done (i32.ge_u (local.get $from) (local.get $to)))
				(block $composite
					(br_if $composite (i32.lt_u (local.get $from) (i32.const 2)))
					(local.set $divisor (i32.const 2))
					(block $prime
						(loop $divisors
							(br_if $prime
								(i32.gt_u
									(i32.mul (local.get $divisor) (local.get $divisor))
									(local.get $from)))
							(br_if $composite
								(i32.eqz (i32.rem_u (local.get $from) (local.get $divisor))))
							(local.set $divisor (i32.add (local.get $divisor) (i32.const 1)))
							(br $divisors)))
					(local.set $found (i32.add (local.get $found) (i32.const 1))))
				(local.set $from (i32.add (local.get $from) (i32.const 1)))
				(br $numbers)))
		(local.get $found)))
